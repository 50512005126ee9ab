package dev.relais.console;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementHostsTest {
    private final ManagementHosts hosts = new ManagementHosts(List.of("Relais.example", "relais.prod.svc"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:9000",
                "127.0.0.1",
                "10.1.2.3:9000",
                "[::1]",
                "[::1]:9000",
                "[2001:db8::7]:80",
                "[fe80::1%eth0]:9000",
                "[::ffff:192.0.2.1]",
                "relais.example",
                "RELAIS.EXAMPLE:9000",
                "relais.prod.svc:9000"
            })
    void addressesLocalhostAndConfiguredNamesAreTaken(String host) {
        assertTrue(hosts.take(host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "evil.example",
                "evil.example:9000",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "evil.localhost",
                "xrelais.example",
                "relais.example.evil.example",
                "localhost@evil.example",
                "evil.example@localhost",
                "localhost:9000@evil.example",
                "localhost, evil.example",
                "localhost/evil.example",
                "localhost#evil.example",
                "localhost:x",
                "localhost:9000:9000",
                "::1",
                "[::1",
                "[::1]evil.example",
                "[evil.example]",
                "[::1]:",
                "999.1.1.1",
                "1.2.3"
            })
    void anyOtherIsNot(String host) {
        assertFalse(hosts.take(host));
    }

    @Test
    void noHostIsNotTaken() {
        assertFalse(hosts.take(null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "*.example", "relais.example:9000", "http://relais.example", "", "a b", "-", ".example"})
    void anEntryThatIsNoNameStopsTheStart(String entry) {
        assertThrows(ConfigurationProblem.class, () -> new ManagementHosts(List.of(entry)));
    }
}
