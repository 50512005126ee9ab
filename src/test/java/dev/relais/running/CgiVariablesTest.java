package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Protocol;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Each variable of nginx's stock {@code fastcgi_params}, and the headers. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class CgiVariablesTest extends RunningGateway {
    @ConfigProperty(name = "relais.functions.directory")
    Path directory;

    @Test
    void everyVariableOfNginxIsThere() throws IOException {
        Map<String, String> server = json(
                        "GET /api/env/a%20b/../c?x=%20&y=%C3%A4 HTTP/1.1",
                        "Host: example.org:8443", "Content-Type: text/x", "Content-Length: 0")
                .getMap("server");

        assertEquals("x=%20&y=%C3%A4", server.get("QUERY_STRING"));
        assertEquals("GET", server.get("REQUEST_METHOD"));
        assertEquals("text/x", server.get("CONTENT_TYPE"));
        assertEquals("0", server.get("CONTENT_LENGTH"));
        assertEquals("/api/env", server.get("SCRIPT_NAME"));
        assertEquals("/api/env/a%20b/../c?x=%20&y=%C3%A4", server.get("REQUEST_URI"));
        assertEquals("/api/env/c", server.get("DOCUMENT_URI"));
        assertEquals("HTTP/1.1", server.get("SERVER_PROTOCOL"));
        assertEquals("http", server.get("REQUEST_SCHEME"));
        assertNull(server.get("HTTPS"));
        assertEquals("CGI/1.1", server.get("GATEWAY_INTERFACE"));
        assertEquals("relais", server.get("SERVER_SOFTWARE"));
        assertEquals("127.0.0.1", server.get("REMOTE_ADDR"));
        assertTrue(Integer.parseInt(server.get("REMOTE_PORT")) > 0);
        assertEquals("127.0.0.1", server.get("SERVER_ADDR"));
        assertEquals(String.valueOf(http.getPort()), server.get("SERVER_PORT"));
        assertEquals("example.org", server.get("SERVER_NAME"));
        assertEquals("example.org:8443", server.get("HTTP_HOST"));
        assertEquals("200", server.get("REDIRECT_STATUS"));
        assertEquals("/c", server.get("PATH_INFO"));
    }

    /** A client of HTTP/2 writes a scheme into its request, and could pass a request in clear off as one by TLS. */
    @Test
    void theSchemeIsTheConnectionsWhateverTheClientWrites() throws IOException {
        for (String written : new String[] {"http", "https"}) {
            try (Client clear = connect(Protocol.H2C);
                    Client encrypted = connect(Protocol.H2)) {
                Map<String, String> server = variables(clear, written);
                assertEquals("http", server.get("REQUEST_SCHEME"), written);
                assertNull(server.get("HTTPS"), written);
                server = variables(encrypted, written);
                assertEquals("https", server.get("REQUEST_SCHEME"), written);
                assertEquals("on", server.get("HTTPS"), written);
            }
        }
    }

    private static Map<String, String> variables(Client client, String scheme) throws IOException {
        Answer answer = ((Http2Stream) client)
                .beginWith(true, ":method", "GET", ":scheme", scheme, ":path", "/api/env", ":authority", "localhost")
                .answer();
        return JsonPath.from(answer.text()).getMap("server");
    }

    @Test
    void scriptAndRootAreRealPaths() throws IOException {
        Map<String, String> server =
                json("GET /api/env HTTP/1.1", "Host: localhost").getMap("server");
        Path root = Path.of(server.get("DOCUMENT_ROOT"));

        assertEquals(root.toRealPath(), root);
        assertEquals(root.resolve("env.php").toString(), server.get("SCRIPT_FILENAME"));
        assertEquals(directory.toRealPath(), root);
    }

    @Test
    void withoutABodyLengthAndTypeAreEmptyAsBehindNginx() throws IOException {
        Map<String, String> server =
                json("GET /api/env HTTP/1.1", "Host: localhost").getMap("server");

        assertEquals("", server.get("CONTENT_LENGTH"));
        assertEquals("", server.get("CONTENT_TYPE"));
        assertEquals("", server.get("QUERY_STRING"));
    }

    @Test
    void headersBecomeVariables() throws IOException {
        Map<String, String> server = json(
                        "GET /api/env HTTP/1.1",
                        "Host: localhost",
                        "X-One: 1",
                        "x-one: 2",
                        "Cookie: a=1",
                        "Cookie: b=2",
                        "Authorization: Bearer t",
                        "Proxy: http://evil",
                        "X_Under: no",
                        "X-Latin: \u00e4",
                        "X-Empty:")
                .getMap("server");

        assertEquals("1, 2", server.get("HTTP_X_ONE"));
        assertEquals("a=1; b=2", server.get("HTTP_COOKIE"));
        assertEquals("Bearer t", server.get("HTTP_AUTHORIZATION"));
        assertEquals("", server.get("HTTP_X_EMPTY"));
        assertFalse(server.containsKey("HTTP_PROXY"));
        assertFalse(server.containsKey("HTTP_X_UNDER"));
        assertTrue(server.containsKey("HTTP_X_LATIN"));
    }

    @Test
    void anIpv6HostKeepsItsBrackets() throws IOException {
        Map<String, String> server =
                json("GET /api/env HTTP/1.1", "Host: [::1]:8080").getMap("server");

        assertEquals("[::1]", server.get("SERVER_NAME"));
        assertEquals("[::1]:8080", server.get("HTTP_HOST"));
    }

    @Test
    void theProtocolIsTheClients() throws IOException {
        Map<String, String> server = json("GET /api/env HTTP/1.0").getMap("server");

        assertEquals("HTTP/1.0", server.get("SERVER_PROTOCOL"));
        assertFalse(server.containsKey("HTTP_HOST"));
        assertEquals("", server.get("SERVER_NAME"));
    }

    @Test
    void theEnvironmentHoldsTheConfiguredNamesOnly() throws IOException {
        JsonPath json = json("GET /api/env HTTP/1.1", "Host: localhost");
        List<String> lines = json.getList("environment");
        // What the shell between PHP and env(1) sets for itself, and the names FPM sets from passwd.
        List<String> names = lines.stream()
                .map(line -> line.substring(0, line.indexOf('=')))
                .filter(name -> !List.of("PWD", "OLDPWD", "SHLVL", "_", "USER").contains(name))
                .collect(Collectors.toList());

        assertEquals(List.of("HOME"), names);
        assertTrue(lines.contains("HOME=" + System.getenv("HOME")), lines::toString);
    }
}
