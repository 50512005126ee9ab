package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.Params;
import dev.relais.fastcgi.Requests;
import dev.relais.functions.FunctionSettings;
import dev.relais.functions.PhpFunction;
import dev.relais.http.ConnectionEnds;
import dev.relais.http.RequestTarget;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgiEnvironmentTest {
    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    private final Map<String, Object> answers = new HashMap<>();

    @BeforeEach
    void plainRequest() {
        headers.add("Host", "example.org:8080");
        answers.put("headers", headers);
        answers.put("method", HttpMethod.POST);
        answers.put("scheme", "http");
        answers.put("version", HttpVersion.HTTP_1_1);
        answers.put("authority", HostAndPort.create("example.org", 8080));
        answers.put("remoteAddress", SocketAddress.inetSocketAddress(4711, "192.0.2.7"));
        answers.put("localAddress", SocketAddress.inetSocketAddress(8080, "192.0.2.1"));
    }

    private Requests.Decoded write(String target, PhpFunction function, long body) {
        HttpServerRequest request = (HttpServerRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpServerRequest.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getHeader")) {
                        return headers.get(arguments[0].toString());
                    }
                    if (!answers.containsKey(method.getName())) {
                        throw new UnsupportedOperationException(method.toString());
                    }
                    return answers.get(method.getName());
                });
        Params params = new Params();
        params.begin();
        RequestTarget parsed = RequestTarget.parse(target);
        String pathInfo =
                parsed.path().substring("/api/".length() + function.name().length());
        new CgiEnvironment(from -> ConnectionEnds.of(from.scheme(), from.remoteAddress(), from.localAddress())
                        .encode())
                .write(
                        params,
                        request,
                        parsed,
                        function,
                        new FunctionState("hello", null, null, null, null),
                        pathInfo,
                        body);
        return Requests.decode(params.finish(UnpooledByteBufAllocator.DEFAULT, true));
    }

    private Requests.Decoded write() {
        return write("/api/hello", function("hello", false), -1);
    }

    private static PhpFunction function(String name, boolean folder) {
        String script = name + (folder ? "/index.php" : "");
        return new PhpFunction(
                name,
                "/srv/f/" + (folder ? script : name + ".php"),
                "/srv/f",
                "/api/" + script,
                folder,
                null,
                null,
                FunctionSettings.defaults(1_000));
    }

    @Test
    void hasEveryVariableOfNginxStockListAndPathInfo() {
        headers.add("Content-Type", "application/json");
        Requests.Decoded decoded = write("/api/app/a%20b/%C3%A4?x=1&y=%20", function("app", true), 12);
        Map<String, String> wanted = new HashMap<>();
        wanted.put("QUERY_STRING", "x=1&y=%20");
        wanted.put("REQUEST_METHOD", "POST");
        wanted.put("CONTENT_TYPE", "application/json");
        wanted.put("CONTENT_LENGTH", "12");
        wanted.put("SCRIPT_NAME", "/api/app/index.php");
        wanted.put("REQUEST_URI", "/api/app/a%20b/%C3%A4?x=1&y=%20");
        wanted.put("DOCUMENT_ROOT", "/srv/f");
        wanted.put("SERVER_PROTOCOL", "HTTP/1.1");
        wanted.put("REQUEST_SCHEME", "http");
        wanted.put("GATEWAY_INTERFACE", "CGI/1.1");
        wanted.put("REMOTE_ADDR", "192.0.2.7");
        wanted.put("REMOTE_PORT", "4711");
        wanted.put("SERVER_ADDR", "192.0.2.1");
        wanted.put("SERVER_PORT", "8080");
        wanted.put("SERVER_NAME", "example.org");
        wanted.put("REDIRECT_STATUS", "200");
        wanted.put("SCRIPT_FILENAME", "/srv/f/app/index.php");
        wanted.put("HTTP_HOST", "example.org:8080");
        wanted.put("HTTP_CONTENT_TYPE", "application/json");
        wanted.forEach((name, value) -> assertEquals(value, decoded.get(name), name));
        assertEquals("/a b/\u00e4", decoded.get("PATH_INFO", StandardCharsets.UTF_8));
        assertEquals("/api/app/a b/\u00e4", decoded.get("DOCUMENT_URI", StandardCharsets.UTF_8));
        assertEquals(true, decoded.get("SERVER_SOFTWARE").startsWith("relais"));
        assertNull(decoded.get("HTTPS"));
    }

    @ParameterizedTest
    @CsvSource({"-1, ''", "0, 0", "1, 1", "5000000000, 5000000000"})
    void saysTheBodysLength(long body, String value) {
        assertEquals(value, write("/api/hello", function("hello", false), body).get("CONTENT_LENGTH"));
    }

    @Test
    void isEmptyWhereTheRequestSaysNothing() {
        Requests.Decoded decoded = write();
        for (String name : new String[] {"CONTENT_TYPE", "QUERY_STRING", "PATH_INFO", "CONTENT_LENGTH"}) {
            assertEquals("", decoded.get(name), name);
        }
    }

    @Test
    void saysHttpsOnlyThen() {
        answers.put("scheme", "https");
        assertEquals("on", write().get("HTTPS"));
        assertEquals("https", write().get("REQUEST_SCHEME"));
    }

    @Test
    void joinsRepeatedHeadersAndCookies() {
        headers.add("X-A", "1")
                .add("Cookie", "a=1")
                .add("x-a", "2")
                .add("cookie", "b=2")
                .add("X-A", "3");
        Requests.Decoded decoded = write(); // which fails on a name that comes twice
        assertEquals("1, 2, 3", decoded.get("HTTP_X_A"));
        assertEquals("a=1; b=2", decoded.get("HTTP_COOKIE"));
    }

    @Test
    void dropsProxyAndNamesThatCouldCollide() {
        headers.add("pRoXy", "http://evil").add("X_Forwarded_For", "1").add("X.Y", "2");
        Requests.Decoded decoded = write();
        assertNull(decoded.get("HTTP_PROXY"));
        assertNull(decoded.get("HTTP_X_FORWARDED_FOR"));
        assertNull(decoded.get("HTTP_X_Y"));
    }

    @Test
    void dropsTheFieldsOfOneConnectionAndThoseItNames() {
        headers.add("Connection", "keep-alive, X-Hop")
                .add("Keep-Alive", "timeout=5")
                .add("TE", "trailers")
                .add("Transfer-Encoding", "chunked")
                .add("X-Hop", "1")
                .add("X-End", "kept");
        Requests.Decoded decoded = write();
        for (String name : new String[] {"CONNECTION", "KEEP_ALIVE", "TE", "TRANSFER_ENCODING", "X_HOP"}) {
            assertNull(decoded.get("HTTP_" + name), name);
        }
        assertEquals("kept", decoded.get("HTTP_X_END"));
    }

    @Test
    void givesTheRequestsIdOnceWhateverConnectionNames() {
        headers.add("X-Request-Id", "a-1").add("Connection", "x-request-id");
        Requests.Decoded decoded = write(); // which fails on a name that comes twice
        assertEquals("a-1", decoded.get("HTTP_X_REQUEST_ID"));
        assertEquals("a-1", decoded.get("UNIQUE_ID"));
    }

    @Test
    void anAbsoluteTargetGivesTheHostAndItsPathTheUri() {
        Requests.Decoded decoded =
                write("http://other.example:81/api/hello/x?y=http://z/", function("hello", false), -1);
        assertEquals("other.example:81", decoded.get("HTTP_HOST"));
        assertEquals("other.example", decoded.get("SERVER_NAME"));
        assertEquals("/api/hello/x?y=http://z/", decoded.get("REQUEST_URI"));
    }

    @Test
    void theUserIsNobodyWhateverTheRequestSays() {
        headers.add("Authorization", "Basic QWRhOnNlY3JldA==");
        assertEquals("", write().get("REMOTE_USER"));
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "example.org:80, example.org",
        "[::1]:8080, [::1]",
        "[::1], [::1]",
        "127.0.0.1:1, 127.0.0.1",
        "'', ''",
    })
    void takesTheServerNameFromTheHost(String host, String name) {
        headers.set("Host", host);
        assertEquals(name, write().get("SERVER_NAME"));
        assertEquals(host, write().get("HTTP_HOST"));
    }

    @Test
    void hasNoServerNameWithoutAHost() {
        headers.remove("Host");
        answers.put("authority", null);
        answers.put("version", HttpVersion.HTTP_1_0);
        Requests.Decoded decoded = write();
        assertEquals("", decoded.get("SERVER_NAME"));
        assertEquals("HTTP/1.0", decoded.get("SERVER_PROTOCOL"));
        assertNull(decoded.get("HTTP_HOST"));
    }

    @Test
    void takesTheHostFromTheAuthorityInHttp2() {
        headers.remove("Host");
        answers.put("version", HttpVersion.HTTP_2);
        Requests.Decoded decoded = write();
        assertEquals("example.org:8080", decoded.get("HTTP_HOST"));
        assertEquals("example.org", decoded.get("SERVER_NAME"));
        assertEquals("HTTP/2.0", decoded.get("SERVER_PROTOCOL"));
    }

    @Test
    void refusesAVariableThatIsTooLarge() {
        headers.add("X-Large", "x".repeat(65_000));
        assertThrows(Params.PairTooLarge.class, this::write);
    }

    @Test
    void readsTheHeadAFewTimesHoweverManyFieldsItHas() {
        AtomicInteger read = new AtomicInteger();
        for (int i = 0; i < 200; i++) {
            headers.add("X-Field-" + i, "v");
        }
        headers.add("Connection", "x-field-7,".repeat(60) + "x-field-8");
        answers.put(
                "headers",
                Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {MultiMap.class}, (proxy, method, arguments) -> {
                            if (!method.getName().equals("iterator")) {
                                return method.invoke(headers, arguments);
                            }
                            Iterator<Map.Entry<String, String>> entries = headers.iterator();
                            return new Iterator<Map.Entry<String, String>>() {
                                @Override
                                public boolean hasNext() {
                                    return entries.hasNext();
                                }

                                @Override
                                public Map.Entry<String, String> next() {
                                    read.incrementAndGet();
                                    return entries.next();
                                }
                            };
                        }));
        Requests.Decoded decoded = write();
        assertEquals("v", decoded.get("HTTP_X_FIELD_9"));
        assertNull(decoded.get("HTTP_X_FIELD_8"));
        assertTrue(read.get() <= 3 * 202, () -> "" + read);
    }
}
