package dev.relais.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActionCheckTest {
    private static final SocketAddress HERE = SocketAddress.inetSocketAddress(40000, "127.0.0.1");
    private static final SocketAddress ELSEWHERE = SocketAddress.inetSocketAddress(40000, "192.0.2.7");

    private final ActionCheck withoutToken = new ActionCheck(Optional.empty());
    private final ActionCheck withToken = new ActionCheck(Optional.of("s3cret"));

    private static MultiMap headers(String... pairs) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("Host", "localhost:9000");
        for (int i = 0; i < pairs.length; i += 2) {
            headers.add(pairs[i], pairs[i + 1]);
        }
        return headers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1"})
    void aProgramOnThisHostMayAct(String address) {
        assertNull(withoutToken.problem(SocketAddress.inetSocketAddress(40000, address), headers()));
    }

    @Test
    void anotherHostMayNot() {
        assertNotNull(withoutToken.problem(ELSEWHERE, headers()));
        assertNotNull(withToken.problem(ELSEWHERE, headers()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Forwarded", "X-Forwarded-For"})
    void whoComesThroughAProxyOnThisHostIsNotThisHost(String header) {
        assertNotNull(withoutToken.problem(HERE, headers(header, "192.0.2.7")));
    }

    @Test
    void whoKnowsTheTokenMayActFromAnywhere() {
        assertNull(withToken.problem(ELSEWHERE, headers("Authorization", "Bearer s3cret")));
        assertNull(
                withToken.problem(ELSEWHERE, headers("Authorization", "bearer s3cret", "X-Forwarded-For", "10.0.0.1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer s3cre", "Bearer s3crets", "Bearer ", "Basic s3cret", "s3cret"})
    void aWrongTokenIsRefusedEvenFromThisHost(String authorization) {
        assertNotNull(withToken.problem(HERE, headers("Authorization", authorization)));
        assertNotNull(withoutToken.problem(HERE, headers("Authorization", authorization)));
    }

    @Test
    void anEmptyTokenIsNone() {
        assertNotNull(new ActionCheck(Optional.of(" ")).problem(ELSEWHERE, headers("Authorization", "Bearer ")));
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
        assertNotNull(withoutToken.problem(HERE, headers(header, value)));
    }

    @Test
    void whoSendsAFormIsToldThatItIsTheContentType() {
        String problem = withoutToken.problem(HERE, headers("Content-Type", "application/x-www-form-urlencoded"));
        assertTrue(problem.startsWith("not with the Content-Type"), problem);
        assertEquals("not from a page of another site", withoutToken.problem(HERE, headers("Origin", "null")));
    }

    @Test
    void anotherNameThatWasMadeToPointHereIsRefused() {
        MultiMap rebound = MultiMap.caseInsensitiveMultiMap()
                .add("Host", "evil.example:9000")
                .add("Origin", "http://evil.example:9000")
                .add("Sec-Fetch-Site", "same-origin");
        assertNotNull(withoutToken.problem(HERE, rebound));
    }

    @Test
    void theOwnPageMayAct() {
        assertNull(withoutToken.problem(
                HERE, headers("Origin", "http://localhost:9000", "Sec-Fetch-Site", "same-origin")));
        assertNull(withoutToken.problem(HERE, headers("Content-Type", "application/json")));
    }
}
