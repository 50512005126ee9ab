package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of applications, compressed, and in a locale that cannot name them all. */
class FilesIT {
    private static final String CSS = "/api/site/large.css";

    private static Path functions;
    private static byte[] css;
    private static PackagedGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        functions = PackagedGateway.functions(
                Map.of("send.php", "<?php header('Content-Type: text/css'); header('X-Sendfile: ' . $_GET['file']);"));
        Path site = Files.createDirectory(functions.resolve("site"));
        Files.writeString(site.resolve("index.php"), "<?php echo 'front';");
        StringBuilder rules = new StringBuilder();
        Random random = new Random(7);
        while (rules.length() < 300_000) { // several pieces
            rules.append("p { margin: ").append(random.nextInt()).append("px }\n");
        }
        css = rules.toString().getBytes(StandardCharsets.US_ASCII);
        Files.write(site.resolve("large.css"), css);
        Files.writeString(site.resolve("small.css"), "p {}");
        Files.write(site.resolve("large.png"), css);
        Files.writeString(site.resolve("\u00fc\u4e2d.txt"), "named");
        Files.writeString(functions.resolve("functions.yaml"), "functions: {site: {application: true}}");
        gateway = PackagedGateway.start(
                        functions,
                        Map.of("relais.http.compression", "gzip", "relais.http.sendfile-directories", site.toString()))
                .ready();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"HTTP_1_1", "H2C"})
    void aFileIsCompressedAsAnAnswerOfPhpIs(Protocol protocol) throws Exception {
        try (Client client = protocol.connect(gateway.port, -1)) {
            for (String target : List.of(CSS, "/api/send?file=" + functions.resolve("site/large.css"))) {
                Answer whole = client.get(target, "accept-encoding", "gzip").answer();
                assertEquals("gzip", whole.header("content-encoding"));
                assertEquals("accept-encoding", whole.header("vary").toLowerCase());
                // What a path leads to is compressed before it is sent, what a script names on its way.
                assertEquals(
                        target.equals(CSS) ? Integer.toString(whole.body().length) : null,
                        whole.header("content-length"));
                assertNull(whole.header("accept-ranges"));
                assertTrue(whole.header("etag").startsWith("W/\""), whole.header("etag"));
                assertTrue(whole.body().length < css.length / 2);
                assertArrayEquals(css, new GZIPInputStream(new ByteArrayInputStream(whole.body())).readAllBytes());

                Answer same = client.get(target, "accept-encoding", "gzip", "if-none-match", whole.header("etag"))
                        .answer();
                assertEquals(304, same.status());
                assertEquals(whole.header("etag"), same.header("etag"));
                assertEquals("accept-encoding", same.header("vary").toLowerCase());
                assertNull(same.header("content-encoding"));

                Answer part = client.get(target, "accept-encoding", "gzip", "range", "bytes=0-9")
                        .answer();
                assertEquals(206, part.status());
                assertNull(part.header("content-encoding"));
                assertEquals(10, part.body().length);
            }
            Answer plain = client.get(CSS).answer();
            assertNull(plain.header("content-encoding"));
            assertArrayEquals(css, plain.body());
            assertEquals("accept-encoding", plain.header("vary").toLowerCase());
            assertFalse(plain.header("etag").startsWith("W/"));
            assertNull(client.get("/api/site/small.css", "accept-encoding", "gzip")
                    .answer()
                    .header("content-encoding"));
            assertNull(client.get("/api/site/large.png", "accept-encoding", "gzip")
                    .answer()
                    .header("content-encoding"));
        }
    }

    @Test
    void headHasTheHeadOfTheCompressedFile() throws Exception {
        try (Client client = Protocol.HTTP_1_1.connect(gateway.port, -1)) {
            Answer head = client.request("HEAD", CSS, "Accept-Encoding", "gzip").head();
            assertEquals("gzip", head.header("Content-Encoding"));
            Answer whole = client.get(CSS, "Accept-Encoding", "gzip").answer();
            assertEquals(Integer.toString(whole.body().length), head.header("Content-Length"));
            assertEquals(200, client.get("/api/site/small.css").answer().status());
        }
    }

    @Test
    void aNameBeyondAsciiIsServedOrSaidToBeOutOfReach() throws Exception {
        String target = "/api/site/%C3%BC%E4%B8%AD.txt";
        try (PackagedGateway utf8 = PackagedGateway.start(List.of("env", "LC_ALL=C.UTF-8"), functions, Map.of())
                .ready()) {
            assertEquals("named", text(utf8, target));
        }
        try (PackagedGateway ascii = PackagedGateway.start(
                        List.of("env", "LC_ALL=C"), functions, Map.of("relais.http.sendfile-directories", "/srv"))
                .ready()) {
            if (PackagedGateway.isExecutable()) { // its encoding is that of the locale in which it was built
                assertEquals("named", text(ascii, target));
                return;
            }
            String remedy = "start Relais with LANG=C.UTF-8";
            await().untilAsserted(() -> assertEquals(1, ascii.log().split(remedy, -1).length - 1, ascii::log));
            assertEquals(500, ascii.get(target));
            assertEquals(500, ascii.get("/api/send?file=/srv/%C3%BC"));
            assertEquals(200, ascii.get("/api/site/small.css"));
            await().untilAsserted(() -> assertEquals(3, ascii.log().split(remedy, -1).length - 1, ascii::log));
        }
    }

    private static String text(PackagedGateway of, String target) throws IOException {
        try (Client client = Protocol.HTTP_1_1.connect(of.port, -1)) {
            return client.get(target).answer().text();
        }
    }
}
