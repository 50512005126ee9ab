package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.functions.FunctionsConfig;
import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that functions have sent in place of their body, by X-Sendfile and X-Accel-Redirect. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class FileAnswerTest extends RunningGateway {
    private static final String DIGITS = "/api/headers?body=dropped&head[]=X-Accel-Redirect:/protected/digits.txt";

    @Inject
    FunctionsConfig functions;

    @ParameterizedTest
    @ValueSource(strings = {"X-Sendfile", "X-Accel-Redirect"})
    void theFileIsSentInPlaceOfTheBodyWithWhatTheScriptSaid(String field) throws IOException {
        String file = field.equals("X-Sendfile") ? file("digits.txt").toString() : "/protected/digits.txt";
        Answer answer = get(target(
                field + ": " + file,
                "HTTP/1.1 404 Not Found",
                "Content-Type: text/x-digits",
                "Content-Disposition: attachment",
                "Set-Cookie: a=1",
                "Set-Cookie: b=2",
                "Cache-Control: private",
                "Expires: Thu, 01 Jan 2099 00:00:00 GMT",
                "ETag: \"mine\"",
                "Content-Length: 7"));

        assertEquals(200, answer.status());
        assertEquals("0123456789", answer.text());
        assertEquals("text/x-digits", answer.header("Content-Type").split(";")[0]);
        assertEquals("attachment", answer.header("Content-Disposition"));
        assertEquals(2, answer.headers("Set-Cookie").size());
        assertEquals("private", answer.header("Cache-Control"));
        assertEquals("Thu, 01 Jan 2099 00:00:00 GMT", answer.header("Expires"));
        assertEquals("10", answer.header("Content-Length"));
        assertEquals("bytes", answer.header("Accept-Ranges"));
        assertEquals(1, answer.headers("ETag").size());
        assertTrue(answer.header("ETag").matches("\"[0-9a-f]+-a\""), answer.header("ETag"));
        assertEquals(1, answer.headers("Date").size());
        assertNull(answer.header(field));
    }

    @Test
    void theTypeIsTheScriptsAndElseTheFiles() throws IOException {
        assertEquals(
                "text/html;charset=UTF-8", get(DIGITS).header("Content-Type").replace(" ", ""));
        assertEquals(
                "text/plain; charset=utf-8",
                get(DIGITS + "&head[]=Content-Type:").header("Content-Type"));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "bytes=2-4,   206, 234,        bytes 2-4/10",
                "bytes=-3,    206, 789,        bytes 7-9/10",
                "bytes=8-99,  206, 89,         bytes 8-9/10",
                "'bytes=0-1,4-5', 200, 0123456789, -",
                "lines=1-2,   200, 0123456789, -",
            })
    void aRangeIsSent(String range, int status, String text, String contentRange) throws IOException {
        Answer answer = ask("GET " + DIGITS + " HTTP/1.1", "Host: localhost", "Range: " + range);

        assertEquals(status, answer.status());
        assertEquals(text, answer.text());
        assertEquals(contentRange, answer.header("Content-Range"));
        assertEquals(String.valueOf(text.length()), answer.header("Content-Length"));
    }

    @Test
    void aRangeBeyondTheFileIsRefused() throws IOException {
        Answer answer = ask("GET " + DIGITS + " HTTP/1.1", "Host: localhost", "Range: bytes=10-");

        assertEquals(416, answer.status());
        assertEquals("bytes */10", answer.header("Content-Range"));
        assertTrue(answer.text().contains("urn:relais:problem:range-not-satisfiable"), answer.text());
    }

    @Test
    void conditionsAreHeld() throws IOException {
        Answer whole = get(DIGITS);
        String etag = whole.header("ETag");
        String modified = whole.header("Last-Modified");

        Answer unchanged = conditional("If-None-Match: " + etag);
        assertEquals(304, unchanged.status());
        assertEquals(etag, unchanged.header("ETag"));
        assertNull(unchanged.header("Content-Length"));
        assertEquals(304, conditional("If-Modified-Since: " + modified).status());
        assertEquals(
                200,
                conditional("If-None-Match: \"x\"", "If-Modified-Since: " + modified)
                        .status());
        assertEquals(412, conditional("If-Match: \"x\"").status());
        assertEquals(206, conditional("If-Range: " + etag, "Range: bytes=0-1").status());
        assertEquals(
                206, conditional("If-Range: " + modified, "Range: bytes=0-1").status());
        assertEquals(200, conditional("If-Range: \"x\"", "Range: bytes=0-1").status());
    }

    @Test
    void headHasTheLengthAndNoBody() throws IOException {
        try (RawClient client = connect()) {
            Answer answer = client.head("HEAD " + DIGITS + " HTTP/1.1", "Host: localhost")
                    .answerHead();

            assertEquals("10", answer.header("Content-Length"));
            assertEquals(200, client.get("/api/hello").answer().status());
        }
    }

    @Test
    void aConnectionGoesOnAfterAFile() throws IOException {
        try (RawClient client = connect()) {
            String head = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            client.send("GET " + DIGITS + head + "GET /api/hello" + head + "GET " + DIGITS + head);

            assertEquals("0123456789", client.answer().text());
            assertEquals("{\"hello\":\"world\"}", client.answer().text());
            assertEquals("0123456789", client.answer().text());
        }
    }

    @Test
    void http10GetsTheFileAndTheEnd() throws IOException {
        try (RawClient client = connect()) {
            assertEquals(
                    "0123456789",
                    client.head("GET " + DIGITS + " HTTP/1.0").answer().text());
            assertTrue(client.isEnded());
        }
    }

    @Test
    void whatMayNotBeSentIsRefusedWithoutItsPath() throws IOException {
        Files.createSymbolicLink(file("passwd"), Path.of("/etc/passwd"));
        for (String header : new String[] {"X-Sendfile: /etc/passwd", "X-Accel-Redirect: /protected/passwd"}) {
            Answer answer = get(target(header));
            assertEquals(403, answer.status(), header);
            assertFalse(answer.text().contains("passwd"), answer.text());
        }
        for (String header : new String[] {
            "X-Sendfile: " + file("missing"), "X-Accel-Redirect: /protected/missing", "X-Accel-Redirect: /elsewhere/x"
        }) {
            assertEquals(404, get(target(header)).status(), header);
        }
    }

    @Test
    void aSlowReaderOfAFileKeepsNoChild() throws IOException {
        byte[] bytes = large("slow.bin", 24 << 20);
        try (RawClient client = RawClient.connect(http.getPort(), 16 * 1024)) {
            client.get(target("X-Accel-Redirect: /protected/slow.bin"));
            assertEquals(String.valueOf(bytes.length), client.answerHead().header("Content-Length"));
            await("the child is free while nothing is read").until(() -> busy() == 0);
            assertArrayEquals(bytes, client.exactly(bytes.length));
            assertEquals(200, client.get("/api/hello").answer().status());
        }
    }

    @Test
    void aFileThatIsCutWhileItIsSentBreaksTheAnswerOff() throws IOException {
        byte[] bytes = large("cut.bin", 24 << 20);
        try (RawClient client = RawClient.connect(http.getPort(), 16 * 1024)) {
            client.get(target("X-Accel-Redirect: /protected/cut.bin"));
            client.answerHead();
            try (RandomAccessFile file = new RandomAccessFile(file("cut.bin").toFile(), "rw")) {
                file.setLength(1);
            }
            assertThrows(EOFException.class, () -> client.exactly(bytes.length));
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aFileIsClosedWhenItsClientIsGone(HttpClient.Version version) throws Exception {
        String name = version + ".bin";
        large(name, 24 << 20);
        HttpClient client = HttpClient.newBuilder().version(version).build();
        // The upgrade to HTTP/2 comes first, with an answer that is read.
        HttpRequest.Builder hello =
                HttpRequest.newBuilder(URI.create("http://localhost:" + http.getPort() + "/api/hello"));
        assertEquals(
                version,
                client.send(hello.build(), HttpResponse.BodyHandlers.discarding())
                        .version());
        URI target = URI.create("http://localhost:" + http.getPort() + target("X-Accel-Redirect: /protected/" + name));
        try (InputStream body = client.send(
                        HttpRequest.newBuilder(target).build(), HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            assertEquals(1_000, body.readNBytes(1_000).length);
            assertTrue(isOpen(name));
        }
        await("the file is closed").until(() -> !isOpen(name));
    }

    private boolean isOpen(String name) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.anyMatch(descriptor -> {
                try {
                    return Files.readSymbolicLink(descriptor).endsWith(name);
                } catch (IOException e) {
                    return false; // closed meanwhile
                }
            });
        }
    }

    @Test
    void http2GetsTheSameFile() throws Exception {
        byte[] bytes = large("two.bin", 3 << 20);
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        URI target = URI.create("http://localhost:" + http.getPort() + target("X-Accel-Redirect: /protected/two.bin"));
        HttpResponse<byte[]> whole =
                client.send(HttpRequest.newBuilder(target).build(), HttpResponse.BodyHandlers.ofByteArray());
        HttpResponse<byte[]> part = client.send(
                HttpRequest.newBuilder(target)
                        .header("Range", "bytes=70000-200000")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertEquals(HttpClient.Version.HTTP_2, part.version());
        assertArrayEquals(bytes, whole.body());
        assertEquals(206, part.statusCode());
        assertArrayEquals(java.util.Arrays.copyOfRange(bytes, 70_000, 200_001), part.body());
    }

    private Answer conditional(String... fields) throws IOException {
        return ask("GET " + DIGITS + " HTTP/1.1", "Host: localhost", String.join("\r\n", fields));
    }

    private static String target(String... headers) {
        StringBuilder target = new StringBuilder("/api/headers?body=dropped");
        for (String header : headers) {
            target.append("&head%5B%5D=").append(URLEncoder.encode(header, StandardCharsets.UTF_8));
        }
        return target.toString();
    }

    private Path file(String name) {
        return functions.directory().resolve("_files").resolve(name);
    }

    private byte[] large(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Files.write(file(name), bytes);
        return bytes;
    }
}
