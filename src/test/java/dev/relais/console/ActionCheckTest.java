package dev.relais.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActionCheckTest {
    private static final String HOST = "localhost:9000";
    private static final SocketAddress HERE = SocketAddress.inetSocketAddress(40000, "127.0.0.1");
    private static final SocketAddress ELSEWHERE = SocketAddress.inetSocketAddress(40000, "192.0.2.7");

    private final ActionCheck withoutToken = check(null);
    private final ActionCheck withToken = check("s3cret");

    private static ActionCheck check(String token) {
        return new ActionCheck(
                ManagementToken.of(ManagementTokenTest.config(token, null), Map.of(), true),
                new ManagementHosts(List.of("relais.example")));
    }

    private static MultiMap headers(String... pairs) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.add(pairs[i], pairs[i + 1]);
        }
        return headers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1"})
    void aProgramOnThisHostMayAct(String address) {
        assertNull(withoutToken.problem(SocketAddress.inetSocketAddress(40000, address), HOST, headers()));
    }

    @Test
    void anotherHostMayNot() {
        assertNotNull(withoutToken.problem(ELSEWHERE, HOST, headers()));
        assertNotNull(withToken.problem(ELSEWHERE, HOST, headers()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Real-IP", "Via"})
    void whoComesThroughAProxyOnThisHostIsNotThisHost(String header) {
        assertNotNull(withoutToken.problem(HERE, HOST, headers(header, "192.0.2.7")));
    }

    @Test
    void whoKnowsTheTokenMayActFromAnywhere() {
        assertNull(withToken.problem(ELSEWHERE, HOST, headers("Authorization", "Bearer s3cret")));
        assertNull(withToken.problem(
                ELSEWHERE, HOST, headers("Authorization", "bearer s3cret", "X-Forwarded-For", "10.0.0.1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer s3cre", "Bearer s3crets", "Bearer ", "Basic s3cret", "s3cret"})
    void aWrongTokenIsRefusedEvenFromThisHost(String authorization) {
        assertNotNull(withToken.problem(HERE, HOST, headers("Authorization", authorization)));
        assertNotNull(withoutToken.problem(HERE, HOST, headers("Authorization", authorization)));
    }

    @Test
    void withATokenAProgramOnThisHostNeedsItToo() {
        assertNotNull(withToken.problem(HERE, HOST, headers()));
        assertNotNull(withToken.problem(HERE, HOST, headers("Authorization", "")));
        assertNull(withToken.problem(HERE, HOST, headers("Authorization", "Bearer s3cret")));
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, http://evil.example",
        "Origin, 'null'",
        "Origin, http://localhost:8080",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
        "Content-Type, application/x-www-form-urlencoded",
        "Content-Type, multipart/form-data; boundary=x",
        "Content-Type, TEXT/plain"
    })
    void whatAForeignPageMakesABrowserSendIsRefused(String header, String value) {
        assertNotNull(withoutToken.problem(HERE, HOST, headers(header, value)));
    }

    @Test
    void whoSendsAFormIsToldThatItIsTheContentType() {
        String problem = withoutToken.problem(HERE, HOST, headers("Content-Type", "application/x-www-form-urlencoded"));
        assertTrue(problem.startsWith("not with the Content-Type"), problem);
        assertEquals("not from a page of another site", withoutToken.problem(HERE, HOST, headers("Origin", "null")));
    }

    @ParameterizedTest
    @CsvSource({
        "evil.example:9000, http://evil.example:9000",
        "localhost:9000, http://user@localhost:9000",
        "localhost:9000, http://localhost:9000@evil.example",
        "localhost:9000, http://127.0.0.1:9000",
        "localhost:9000, localhost:9000",
        "localhost:9000, ''"
    })
    void anOriginThatIsNotTheRequestsOwnIsRefused(String host, String origin) {
        assertNotNull(withoutToken.problem(HERE, host, headers("Origin", origin, "Sec-Fetch-Site", "same-origin")));
    }

    @Test
    void oneForeignFieldAmongSeveralIsEnough() {
        assertNotNull(withoutToken.problem(
                HERE, HOST, headers("Origin", "http://localhost:9000", "Origin", "http://evil.example")));
        assertNotNull(
                withoutToken.problem(HERE, HOST, headers("Sec-Fetch-Site", "none", "Sec-Fetch-Site", "cross-site")));
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:9000, http://localhost:9000",
        "[::1]:9000, http://[::1]:9000",
        "127.0.0.1:9000, http://127.0.0.1:9000",
        "relais.example, https://relais.example"
    })
    void theOwnPageMayAct(String host, String origin) {
        assertNull(withoutToken.problem(HERE, host, headers("Origin", origin, "Sec-Fetch-Site", "same-origin")));
        assertNull(withoutToken.problem(HERE, host, headers("Content-Type", "application/json")));
    }
}
