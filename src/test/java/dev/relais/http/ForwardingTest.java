package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import io.vertx.core.MultiMap;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client behind trusted proxies. The expected clients are those of nginx' realip module with {@code real_ip_recursive on}. */
class ForwardingTest {
    private static final ConnectionEnds ENDS = new ConnectionEnds("http", "10.0.0.1", "4711", "10.0.0.9", "8080");

    private static Forwarding trusting(String proxies, String header) {
        return Forwarding.of(
                GatewayConfigs.of(
                        Map.of("relais.http.trusted-proxies", proxies, "relais.http.forwarding-header", header)),
                false,
                false);
    }

    private static void assertSeen(
            String header, MultiMap headers, String scheme, String host, String remotePort, String localPort) {
        byte[] wanted = new ConnectionEnds(scheme, host, remotePort, "10.0.0.9", localPort).encode();
        byte[] seen = trusting("10.0.0.0/8,2001:db8:1::/48", header)
                .ends(ENDS, headers)
                .encode();
        assertEquals(new String(wanted), new String(seen));
        assertArrayEquals(wanted, seen);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.1                       | 192.0.2.1",
                "6.6.6.6, 192.0.2.1              | 192.0.2.1", // the first is what the client has written
                "6.6.6.6, 192.0.2.1, 10.9.9.9    | 192.0.2.1",
                "6.6.6.6,2001:DB8::1,10.9.9.9    | 2001:db8::1",
                "192.0.2.1, 2001:db8:1::7        | 192.0.2.1",
                "10.3.3.3, 10.2.2.2              | 10.3.3.3", // all trusted: the outermost
                "::ffff:192.0.2.1                | 192.0.2.1",
                "unknown, 10.2.2.2               | 10.2.2.2",
                "6.6.6.6, garbage                | 10.0.0.1",
                "6.6.6.6, ' '                    | 10.0.0.1",
                "localhost                       | 10.0.0.1",
                "192.0.2.256                     | 10.0.0.1",
            })
    void takesTheLastAddressThatIsNoTrustedProxy(String list, String client) {
        String port = client.equals("10.0.0.1") ? "4711" : "";
        assertSeen(
                "x-forwarded",
                MultiMap.caseInsensitiveMultiMap().add("X-Forwarded-For", list),
                "http",
                client,
                port,
                "8080");
    }

    @Test
    void readsRepeatedFieldsAsOneList() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("X-Forwarded-For", "6.6.6.6")
                .add("x-forwarded-for", "192.0.2.1, 10.1.1.1");
        assertSeen("x-forwarded", headers, "http", "192.0.2.1", "", "8080");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1:4712, 192.0.2.1, 4712",
        "[2001:db8::1]:4712, 2001:db8::1, 4712",
        "[2001:db8::1], 2001:db8::1, ''"
    })
    void takesThePortWhenThereIsOne(String text, String host, String port) {
        assertSeen(
                "x-forwarded",
                MultiMap.caseInsensitiveMultiMap().add("X-Forwarded-For", text),
                "http",
                host,
                port,
                "8080");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.1           | https       |      | https | 443",
                "192.0.2.1           | HTTP        |      | http  | 80",
                "192.0.2.1           | https       | 8443 | https | 8443",
                "192.0.2.1           |             | 8443 | http  | 8443",
                "192.0.2.1           | javascript  | x    | http  | 8080",
                "192.0.2.1           | https       | 0    | https | 443",
                "192.0.2.1           | https,http  |      | http  | 80", // the client's own, and the proxy's
                "192.0.2.1, 10.1.1.1 | https, http |      | https | 443", // in pairs
            })
    void takesSchemeAndPort(String clients, String schemes, String port, String scheme, String localPort) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("X-Forwarded-For", clients);
        if (schemes != null) {
            headers.add("X-Forwarded-Proto", schemes);
        }
        if (port != null) {
            headers.add("X-Forwarded-Port", port);
        }
        assertSeen("x-forwarded", headers, scheme, "192.0.2.1", "", localPort);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "for=192.0.2.1;proto=https                            | https | 192.0.2.1   | ''",
                "For=\"[2001:db8::1]:4712\" ; Proto=\"https\"         | https | 2001:db8::1 | 4712",
                "for=6.6.6.6;proto=https, for=192.0.2.1;proto=http    | http  | 192.0.2.1   | ''",
                "for=192.0.2.1;proto=https, for=10.1.1.1;proto=http   | https | 192.0.2.1   | ''",
                "for=\"_a,b;for=6.6.6.6\", for=10.1.1.1               | none  | 10.1.1.1    | ''",
                "for=_hidden;proto=https                              | https | 10.0.0.1    | 4711",
            })
    void readsForwarded(String value, String scheme, String host, String port) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("Forwarded", value)
                .add("X-Forwarded-For", "6.6.6.6")
                .add("X-Forwarded-Port", "1");
        String localPort = scheme.equals("https") ? "443" : scheme.equals("http") ? "80" : "8080";
        String seen = scheme.equals("none") ? "http" : scheme;
        assertSeen("forwarded", headers, seen, host, port.equals("''") ? "" : port, localPort);
    }

    @Test
    void leavesEverythingWithoutHeaders() {
        assertSeen("x-forwarded", MultiMap.caseInsensitiveMultiMap(), "http", "10.0.0.1", "4711", "8080");
        assertSeen(
                "forwarded",
                MultiMap.caseInsensitiveMultiMap().add("X-Forwarded-For", "6.6.6.6"),
                "http",
                "10.0.0.1",
                "4711",
                "8080");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "10.0.0.0/8, ::1, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.255, true",
        "0.0.0.0/0, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "2001:db8::/31, 2001:db9::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "::1, ::1, true"
    })
    void trustsWhatIsInTheRange(String range, String address, boolean trusted) {
        assertEquals(trusted, trusting(range, "x-forwarded").trusts(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8/8", "::1/129", "10.0.0.0/-1", "256.0.0.1"
            })
    void refusesWhatIsNoRange(String range) {
        String message = assertThrows(ConfigurationProblem.class, () -> trusting(range, "x-forwarded"))
                .getMessage();
        assertTrue(message.startsWith("relais.http.trusted-proxies=" + range), message);
    }

    @Test
    void trustsNobodyUnlessTold() {
        assertEquals(
                false, Forwarding.of(GatewayConfigs.of(Map.of()), false, false).trusts("127.0.0.1"));
    }

    @Test
    void refusesToBelieveEverybody() {
        assertThrows(ConfigurationProblem.class, () -> Forwarding.of(GatewayConfigs.of(Map.of()), true, false));
        assertThrows(ConfigurationProblem.class, () -> Forwarding.of(GatewayConfigs.of(Map.of()), false, true));
    }

    /** RFC 5952 section 4. */
    @ParameterizedTest
    @CsvSource({
        "0:0:0:0:0:0:0:1, ::1",
        "0:0:0:0:0:0:0:0, ::",
        "2001:DB8:0:0:0:0:0:7, 2001:db8::7",
        "2001:0db8:0000:0000:0001:0000:0000:0001, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "1:0:0:0:0:0:0:0, 1::",
        "fe80:0:0:0:0:0:0:1%eth0, fe80::1",
        "fe80:0:0:0:0:0:0:1%2, fe80::1",
        "::ffff:192.0.2.1, 192.0.2.1",
        "0:0:0:0:0:ffff:c000:201, 192.0.2.1",
        "192.0.2.1, 192.0.2.1"
    })
    void anAddressHasOneForm(String address, String form) {
        assertEquals(form, ClientAddress.canonical(address));
        assertEquals(form, ClientAddress.parse(address).host());
        assertEquals(
                form,
                ClientAddress.parse(address.contains(":") ? "[" + address + "]:443" : address + ":443")
                        .host());
    }

    @Test
    void bothEndsOfAConnectionHaveThatForm() throws Exception {
        SocketAddress client = SocketAddress.inetSocketAddress(new InetSocketAddress("fe80::1%1", 4711));
        assertEquals("fe80:0:0:0:0:0:0:1%1", client.hostAddress(), "as Java has it");
        ConnectionEnds ends =
                ConnectionEnds.of("http", client, SocketAddress.inetSocketAddress(8080, "0:0:0:0:0:0:0:1"));

        assertEquals(new ConnectionEnds("http", "fe80::1", "4711", "::1", "8080"), ends);
    }

    @Test
    void aUnixSocketIsNamedAsByNginx() {
        SocketAddress socket = SocketAddress.domainSocketAddress("/run/relais.sock");

        assertEquals(new ConnectionEnds("http", "unix:", "", "unix:", ""), ConnectionEnds.of("http", socket, socket));
        assertEquals(false, trusting("127.0.0.1", "x-forwarded").trusts(socket.hostAddress()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "1.2.3.4:0", "1.2.3.4:65536", "1.2.3.4:x", "[::1", "a.b"})
    void takesNoNonsenseForAnAddress(String text) {
        assertNull(ClientAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-forwarded", "forwarded"})
    void believesAHundredProxiesInARowAndNoMore(String header) {
        boolean standard = header.equals("forwarded");
        String proxy = standard ? ", for=10.2.2.2" : ", 10.2.2.2";
        String client = standard ? "for=192.0.2.1" : "192.0.2.1";
        String name = standard ? "Forwarded" : "X-Forwarded-For";
        String near = client + proxy.repeat(ForwardedElements.MOST - 1);
        assertSeen(header, MultiMap.caseInsensitiveMultiMap().add(name, near), "http", "192.0.2.1", "", "8080");
        assertSeen(header, MultiMap.caseInsensitiveMultiMap().add(name, near + proxy), "http", "10.2.2.2", "", "8080");
    }
}
