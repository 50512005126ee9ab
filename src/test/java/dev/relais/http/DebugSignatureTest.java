package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.DebugSignatures;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DebugSignatureTest {
    /** {@code printf 'GET\n/api/hello?a=b\n1795926618' | openssl dgst -sha256 -hmac 'a key of some length'}. */
    private static final String MAC = "3942d9d1ed4948c87470d6c686cf6b72b71b9a32372e1f0947e4aeca28d92065";

    private static final long TIME = 1_795_926_618;

    private final AtomicLong seconds = new AtomicLong(TIME);
    private final DebugSignature signature =
            new DebugSignature("a key of some length", () -> seconds.get() * 1000 + 999);

    private boolean isValid(String value) {
        return isValid(value, HttpMethod.GET, "/api/hello?a=b");
    }

    private boolean isValid(String value, HttpMethod verb, String target) {
        return signature.isValid(request(value, verb, target));
    }

    private HttpServerRequest request(String value, HttpMethod verb, String target) {
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();
        if (value != null) {
            fields.add("x-relais-debug", value);
        }
        return (HttpServerRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "headers" -> fields;
                    case "method" -> verb;
                    case "uri" -> target;
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    @Test
    void whatIsAskedForIsSignedWithTheTime() {
        HttpMethod get = HttpMethod.GET;
        String target = "/api/hello?a=b";
        String key = "a key of some length";
        for (String asked : new String[] {"", "step", "a.b"}) {
            String value = DebugSignatures.of(key, "GET", target, TIME, asked);
            assertEquals(asked, signature.asked(request(value, get, target)), value);
            assertEquals(asked.isEmpty(), isValid(value), value);
        }
        String step = DebugSignatures.of(key, "GET", target, TIME, "step");
        for (String value : new String[] {
            step.replace(".step.", ".trace."),
            step.replace(".step.", "."),
            step.replace(".step.", ".step.."),
            DebugSignatures.of(key, "GET", target, TIME - 61, "step"),
            DebugSignatures.of(key + ".", "GET", target, TIME, "step"),
            "step." + MAC,
            null
        }) {
            assertNull(signature.asked(request(value, get, target)), value);
        }
    }

    @Test
    void whoKnowsTheKeyIsBelieved() {
        assertTrue(isValid(TIME + "." + MAC));
        assertTrue(isValid(TIME + "." + MAC.toUpperCase()));
    }

    @Test
    void itCountsForAMinuteBeforeAndAfterItsTime() {
        for (long other : new long[] {-60, 60}) {
            seconds.set(TIME + other);
            assertTrue(isValid(TIME + "." + MAC));
            seconds.set(TIME + other + Long.signum(other));
            assertFalse(isValid(TIME + "." + MAC));
        }
    }

    @Test
    void itCountsForNothingElse() {
        assertFalse(isValid(TIME + "." + MAC, HttpMethod.POST, "/api/hello?a=b"));
        assertFalse(isValid(TIME + "." + MAC, HttpMethod.GET, "/api/hello?a=c"));
        assertFalse(isValid((TIME + 1) + "." + MAC));
        assertFalse(isValid("0" + TIME + "." + MAC));
        assertFalse(isValid(TIME + "." + MAC.replace(MAC.charAt(0), MAC.charAt(0) == 'a' ? 'b' : 'a')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "1795926618", "1795926618.", "1795926618.00", "x", "-1.", "99999999999999999999."})
    void whatIsNoSignatureIsNone(String value) {
        assertFalse(isValid(value));
        assertFalse(isValid(value + "g".repeat(64)));
    }

    @Test
    void noFieldIsNone() {
        assertFalse(isValid(null));
        assertEquals(64, MAC.length());
    }
}
