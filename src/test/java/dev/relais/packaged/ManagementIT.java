package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The management port of a gateway whose token is kept as its hash, over HTTP/1.1 and HTTP/2; and tokens that stop the start. */
class ManagementIT {
    /** printf %s s3cret | sha256sum */
    private static final String HASHED = "sha256:1ec1c26b50d5d3c58d9583181af8076655fe00756bf7285940ba3670f99fcba0\n";

    @TempDir
    static Path temporary;

    private static Path functions;
    private static PackagedGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        functions = PackagedGateway.functions(Map.of(
                "act.php",
                "<?php echo file_get_contents('http://127.0.0.1:' . $_GET['port'] . '/q/relais/generations', false,"
                        + " stream_context_create(['http' => ['method' => 'POST', 'ignore_errors' => true, 'header' =>"
                        + " $_GET['header'] ?? '']])), ' ', $http_response_header[0];"));
        Path token = Files.writeString(temporary.resolve("token"), HASHED);
        gateway = PackagedGateway.start(
                        functions,
                        Map.of(
                                "relais.management.token-file",
                                token.toString(),
                                "relais.management.hosts",
                                "relais.example"))
                .ready();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    private static String status(String protocol, String path, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(protocol, "-o", "/dev/null", "-w", "%{http_code}"));
        all.addAll(List.of(arguments));
        all.add("http://127.0.0.1:" + gateway.management + path);
        return Curl.run(all.toArray(String[]::new)).output();
    }

    @ParameterizedTest
    @CsvSource({
        "--http1.1, 127.0.0.1:9000, 200",
        "--http1.1, relais.example, 200",
        "--http1.1, evil.example, 403",
        "--http2-prior-knowledge, 127.0.0.1:9000, 200",
        "--http2-prior-knowledge, [::1]:9000, 200",
        "--http2-prior-knowledge, RELAIS.example:9000, 200",
        "--http2-prior-knowledge, evil.example, 403",
        "--http2-prior-knowledge, evil.example:9000, 403"
    })
    void theStatusIsSeenByAKnownHostOnly(String protocol, String host, String status) throws Exception {
        assertEquals(status, status(protocol, "/q/relais", "-H", "Host: " + host));
        assertEquals("200", status(protocol, "/q/health/live", "-H", "Host: " + host));
        assertEquals("200", status(protocol, "/q/metrics", "-H", "Host: " + host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2-prior-knowledge"})
    void eachActionNeedsTheTokenFromThisHostToo(String protocol) throws Exception {
        String path = "/q/relais/generations";
        assertEquals("403", status(protocol, path, "-X", "POST"));
        assertEquals("403", status(protocol, path, "-X", "POST", "-H", "Authorization: Bearer wrong"));
        assertEquals("403", status(protocol, path, "-X", "POST", "-H", "Authorization: Bearer " + HASHED.strip()));
        assertEquals("202", status(protocol, path, "-X", "POST", "-H", "Authorization: Bearer s3cret"));
        assertEquals(
                "403",
                status(protocol, path, "-X", "POST", "-H", "Authorization: Bearer s3cret", "-H", "Host: evil.example"));
    }

    @Test
    void phpMayNotActWithoutTheToken() throws Exception {
        String answer = Curl.run("http://127.0.0.1:" + gateway.port + "/api/act?port=" + gateway.management)
                .output();
        assertTrue(answer.contains(" 403 "), answer);
    }

    private static void assertStopsTheStart(List<String> prefix, Map<String, String> settings, String named)
            throws Exception {
        try (PackagedGateway other = PackagedGateway.start(prefix, functions, settings)) {
            assertNotEquals(0, other.exitCode());
            assertTrue(
                    other.log().lines().anyMatch(line -> line.startsWith("relais: ") && line.contains(named)),
                    other.log());
            assertFalse(other.log().contains("s3cret"), other.log());
        }
    }

    @Test
    void anEmptyTokenFileStopsTheStart() throws Exception {
        Path empty = Files.createFile(temporary.resolve("empty"));
        assertStopsTheStart(
                List.of(), Map.of("relais.management.token-file", empty.toString()), "relais.management.token-file");
    }

    /** Not run as root, since another user would then run PHP, which could not read the environment. */
    @Test
    void aTokenInAnEnvironmentThatPhpCanReadStopsTheStart() throws Exception {
        List<String> prefix = new ArrayList<>(List.of("env", "RELAIS_MANAGEMENT_TOKEN=s3cret"));
        if (System.getProperty("user.name").equals("root")) {
            prefix.addAll(List.of("setpriv", "--reuid", "www-data", "--regid", "www-data", "--clear-groups"));
        }
        org.junit.jupiter.api.Assumptions.assumeTrue(
                PackagedGateway.isReadable(prefix.subList(2, prefix.size())), "that user can read the application");
        assertStopsTheStart(prefix, Map.of(), "relais.management.token");
    }
}
