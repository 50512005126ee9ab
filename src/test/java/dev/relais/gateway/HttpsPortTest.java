package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpsPortTest {
    @ParameterizedTest
    @CsvSource({
        "8443, site.example,      /a?b,  https://site.example/a?b",
        "8443, site.example:8080, /,     https://site.example:8443/",
        "443,  site.example:80,   /,     https://site.example/",
        "8443, site.example:80,   /,     https://site.example/",
        "8443, site.example:,     /,     https://site.example/",
        "8443, site.example:800,  /,     https://site.example:8443/",
        "8443, '[::1]',           /,     'https://[::1]/'",
        "8443, '[::1]:80',        /,     'https://[::1]/'",
        "8443, '[::1]:8080',      /,     'https://[::1]:8443/'",
        "8443, site.example,      //x/y, https://site.example//x/y",
    })
    void theHostStaysAndTheTargetIsAsItWasSent(int port, String host, String target, String location) {
        assertEquals(location, new HttpsPort(port).to(host, target));
    }
}
