package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import dev.relais.testing.FreePorts;
import dev.relais.testing.Patience;
import dev.relais.testing.Side;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with reload, compression, CORS and trusted proxies, each switched on as src/docs/protocols.md shows. */
class EdgeOptionsIT {
    private static final String LARGE = "0123456789".repeat(1_000);

    private static final Map<String, String> SCRIPTS = new HashMap<>(Map.of(
            "ends.php",
                    "<?php echo $_SERVER['SERVER_PROTOCOL'], ' ', $_SERVER['REQUEST_SCHEME'], ' ', $_SERVER['HTTPS']"
                            + " ?? 'off', ' ', $_SERVER['SERVER_PORT'], ' ', $_SERVER['REMOTE_ADDR'];",
            "page.php",
                    "<?php header('Content-Type: ' . $_GET['type']); foreach ($_GET['field'] ?? [] as $field)"
                            + " header($field); http_response_code((int) ($_GET['status'] ?? 200)); if"
                            + " (isset($_GET['flush'])) { ob_end_flush(); flush(); } echo str_repeat('0123456789', (int)"
                            + " ($_GET['times'] ?? 1000));",
            "tagged.php",
                    "<?php header('Content-Type: text/html'); header('ETag: \"t\"');"
                            + " $known = explode(', ', $_SERVER['HTTP_IF_NONE_MATCH'] ?? '');"
                            + " $wanted = explode(', ', $_SERVER['HTTP_IF_MATCH'] ?? '\"t\"');"
                            + " if (in_array('\"t\"', $known, true)) { http_response_code(304); exit; }"
                            + " if (!in_array('\"t\"', $wanted, true)) { http_response_code(412); exit; }"
                            + " echo str_repeat('0123456789', 1000);",
            "coded.php",
                    "<?php header('Content-Type: text/plain'); header('Content-Encoding: gzip');"
                            + " echo gzencode(str_repeat('0123456789', 1000));",
            "steps.php",
                    "<?php header('Content-Type: text/plain'); ob_end_flush(); echo \"first\\n"
                            + "\"; flush(); $end = time() + " + Patience.SECONDS + ";"
                            + " while (!($there = file_exists($_GET['mark'])) && time() < $end) { usleep(10000);"
                            + " clearstatcache(); } echo 'last ', $there;"));

    @TempDir
    static Path temporary;

    private static PackagedGateway gateway;
    private static int tlsPort;
    private static Path keys;

    @BeforeAll
    static void start() throws Exception {
        keys = WebKeys.make(temporary.resolve("keys.p12"));
        tlsPort = FreePorts.next();
        Map<String, String> settings = new HashMap<>();
        settings.put("quarkus.http.ssl-port", Integer.toString(tlsPort));
        settings.put("quarkus.http.tls-configuration-name", "web");
        settings.put("quarkus.http.insecure-requests", "enabled");
        settings.put("quarkus.tls.web.key-store.p12.path", keys.toString());
        settings.put("quarkus.tls.web.key-store.p12.password", WebKeys.PASSWORD);
        settings.put("quarkus.tls.web.reload-period", "1s");
        settings.put("quarkus.http.cors.enabled", "true");
        settings.put("quarkus.http.cors.origins", "https://app.example");
        settings.put("relais.http.compression", "gzip,br,deflate");
        settings.put("relais.http.trusted-proxies", "127.0.0.1");
        settings.put("relais.http.h2c-upgrade", "true");
        gateway = PackagedGateway.start(PackagedGateway.functions(SCRIPTS), settings)
                .ready();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    private static HttpResponse<byte[]> get(HttpClient client, String url, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Patience.LIMIT);
        if (fields.length > 0) {
            request.headers(fields);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String url(String path) {
        return "http://127.0.0.1:" + gateway.port + path;
    }

    @Test
    void tlsNegotiatesHttp2AndHttp1() throws Exception {
        String url = "https://localhost:" + tlsPort + "/api/ends";
        HttpClient client =
                HttpClient.newBuilder().sslContext(WebKeys.trusting(keys)).build();
        HttpResponse<byte[]> answer = get(client, url);
        assertEquals(HttpClient.Version.HTTP_2, answer.version());
        assertEquals(
                "HTTP/2.0 https on " + tlsPort + " 127.0.0.1", new String(answer.body(), StandardCharsets.US_ASCII));
        assertEquals(
                "HTTP/1.1 https on " + tlsPort + " 127.0.0.1",
                Curl.run("-k", "--http1.1", url).output());
    }

    /** A proxy may only pass on the upgrade that its own client asks for to bypass the proxy's rules. */
    @Test
    void aTrustedProxyIsNotSwitchedToHttp2() throws Exception {
        Curl answer = Curl.run("--http2", "-i", url("/api/ends"));
        assertTrue(answer.output().startsWith("HTTP/1.1 200 "), answer.output());
    }

    @Test
    void aReplacedCertificateIsServedWithoutARestart() throws Exception {
        HttpClient before =
                HttpClient.newBuilder().sslContext(WebKeys.trusting(keys)).build();
        String url = "https://localhost:" + tlsPort + "/api/ends";
        get(before, url);
        Path fresh = WebKeys.make(temporary.resolve("fresh.p12"));
        X509Certificate wanted = WebKeys.certificate(fresh);
        SSLContext trustsFresh = WebKeys.trusting(fresh);
        Files.move(fresh, keys, StandardCopyOption.ATOMIC_MOVE);
        await().until(() -> wanted.equals(WebKeys.served(trustsFresh, tlsPort)));
        assertEquals(200, get(before, url).statusCode()); // whoever is connected stays so
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP_1_1, gzip, gzip",
        "HTTP_2, gzip, gzip",
        "HTTP_1_1, br, br",
        "HTTP_2, br, br",
        "HTTP_1_1, deflate, deflate",
        "HTTP_2, 'br, gzip;q=0.5', br",
        "HTTP_1_1, 'gzip, br', gzip"
    })
    void compressesForWhoAcceptsIt(HttpClient.Version version, String accepted, String coding) throws Exception {
        boolean http2 = version == HttpClient.Version.HTTP_2;
        HttpClient client = HttpClient.newBuilder()
                .version(version)
                .sslContext(WebKeys.trusting(keys))
                .build();
        String origin = http2 ? "https://localhost:" + tlsPort : url("");
        for (String flushed : new String[] {"", "&flush=1"}) {
            HttpResponse<byte[]> answer = get(
                    client,
                    origin
                            + ("/api/page?type=text/html;charset=utf-8&field[]=ETag:%22a%22&field[]=Content-Length:10000"
                                    + flushed),
                    "Accept-Encoding",
                    accepted);
            assertEquals(version, answer.version());
            assertEquals(coding, answer.headers().firstValue("Content-Encoding").orElse(null));
            assertEquals("accept-encoding", answer.headers().firstValue("Vary").orElse(null));
            assertEquals("W/\"a;relais\"", answer.headers().firstValue("ETag").orElse(null));
            assertTrue(answer.body().length < 1_000);
            assertEquals(LARGE, decoded(coding, answer.body()));
        }
    }

    /** Frameworks compare strongly, so a weak tag never equals theirs. */
    @ParameterizedTest
    @CsvSource({"HTTP_1_1, gzip", "HTTP_2, gzip", "HTTP_1_1, br", "HTTP_2, br"})
    void whatCompressionHasMadeWeakIsTheScriptsOwnTagWhenItComesBack(HttpClient.Version version, String coding)
            throws Exception {
        HttpClient client = HttpClient.newBuilder().version(version).build();
        String url = url("/api/tagged");
        HttpResponse<byte[]> page = get(client, url, "Accept-Encoding", coding);
        String tag = page.headers().firstValue("ETag").orElse(null);

        assertEquals(coding, page.headers().firstValue("Content-Encoding").orElse(null));
        assertEquals("W/\"t;relais\"", tag);
        for (String list : new String[] {tag, "\"x\", " + tag + ", W/\"y\""}) {
            HttpResponse<byte[]> known = get(client, url, "Accept-Encoding", coding, "If-None-Match", list);
            assertEquals(304, known.statusCode(), list);
            assertEquals(tag, known.headers().firstValue("ETag").orElse(null), list);
            assertEquals(
                    200,
                    get(client, url, "Accept-Encoding", coding, "If-Match", list)
                            .statusCode(),
                    list);
        }
        assertEquals(412, get(client, url, "If-Match", "W/\"t\"").statusCode(), "a weak tag of the client's own");
        assertEquals(304, get(client, url, "If-None-Match", "\"t\"").statusCode());
        assertEquals(200, get(client, url, "If-None-Match", "W/\"t\"").statusCode());
    }

    private static String decoded(String coding, byte[] body) throws IOException {
        Brotli4jLoader.ensureAvailability();
        InputStream in = new ByteArrayInputStream(body);
        try (InputStream plain = coding.equals("gzip")
                ? new GZIPInputStream(in)
                : coding.equals("br") ? new BrotliInputStream(in) : new InflaterInputStream(in)) {
            return new String(plain.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type=text/event-stream",
                "type=image/png",
                "type=text/html&times=10",
                "type=text/html&field[]=Cache-Control:no-transform",
                "type=text/html&field[]=Content-Encoding:identity",
                "type=text/html&status=206&field[]=Content-Range:bytes%200-9999/20000"
            })
    void leavesAsItIs(String query) throws Exception {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpClient client = HttpClient.newBuilder().version(version).build();
            HttpResponse<byte[]> answer = get(client, url("/api/page?" + query), "Accept-Encoding", "gzip, br");
            assertTrue(LARGE.startsWith(new String(answer.body(), StandardCharsets.US_ASCII)), query);
        }
    }

    @Test
    void neverCompressesTwice() throws Exception {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpClient client = HttpClient.newBuilder().version(version).build();
            assertEquals(
                    LARGE,
                    decoded(
                            "gzip",
                            get(client, url("/api/coded"), "Accept-Encoding", "gzip")
                                    .body()));
        }
    }

    @Test
    void aHeadVariesAsItsPageDoesAndHasNoCoding() throws Exception {
        Curl head = Curl.run("-I", "-H", "Accept-Encoding: gzip", url("/api/page?type=text/html"));
        assertTrue(head.output().toLowerCase().contains("vary: accept-encoding"), head.output());
        assertFalse(head.output().toLowerCase().contains("content-encoding"), head.output());
    }

    @Test
    void whatIsFlushedIsCompressedAndSentAtOnce() throws Exception {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            try (Side side = new Side()) {
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create(url("/api/steps?mark=" + side.path().resolve("go"))))
                        .header("Accept-Encoding", "gzip")
                        .build();
                HttpClient client = HttpClient.newBuilder().version(version).build();
                HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
                try (InputStream plain = new GZIPInputStream(answer.body(), 16)) {
                    assertEquals("first\n", new String(plain.readNBytes(6), StandardCharsets.US_ASCII));
                    side.open("go");
                    assertEquals("last 1", new String(plain.readAllBytes(), StandardCharsets.US_ASCII));
                }
            }
        }
    }

    @Test
    void aPreflightIsAnsweredBeforeTheFunction() throws Exception {
        String[] preflight = {
            "-i", "-X", "OPTIONS", "-H", "Access-Control-Request-Method: PUT", "-H", "Origin: https://app.example"
        };
        Curl answer = Curl.run(concat(preflight, url("/api/ends")));
        assertTrue(answer.has("access-control-allow-origin: https://app.example"), answer.output());
        assertFalse(answer.output().contains("127.0.0.1"), answer.output()); // which the function would say
        Curl simple = Curl.run("-i", "-H", "Origin: https://app.example", url("/api/ends"));
        assertTrue(simple.has("access-control-allow-origin: https://app.example"), simple.output());
        assertTrue(simple.output().contains("127.0.0.1"), simple.output());
        Curl foreign = Curl.run("-i", "-H", "Origin: https://evil.example", url("/api/ends"));
        assertTrue(foreign.output().startsWith("HTTP/1.1 403"), foreign.output());
    }

    private static String[] concat(String[] first, String last) {
        String[] all = java.util.Arrays.copyOf(first, first.length + 1);
        all[first.length] = last;
        return all;
    }

    @Test
    void aTrustedProxySaysWhoTheClientIs() throws Exception {
        Curl answer = Curl.run(
                "-H", "X-Forwarded-For: 6.6.6.6, 192.0.2.7", "-H", "X-Forwarded-Proto: https", url("/api/ends"));
        assertEquals("HTTP/1.1 https on 443 192.0.2.7", answer.output());
        Curl silent = Curl.run("-H", "Forwarded: for=6.6.6.6", url("/api/ends"));
        assertEquals("HTTP/1.1 http off " + gateway.port + " 127.0.0.1", silent.output());
    }
}
