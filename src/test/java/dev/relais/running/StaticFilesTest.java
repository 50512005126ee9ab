package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The files of a site: compressed for who takes that, and kept for a second. They are those of {@link SitesResource}. */
@QuarkusTest
@TestProfile(SitesProfile.class)
class StaticFilesTest extends RunningGateway {
    @ConfigProperty(name = "relais.test.sites")
    Path base;

    private Answer ask(Protocol protocol, String method, String target, String... fields) throws IOException {
        try (Client client = connect(protocol)) {
            Client asked = client.request(method, target, fields);
            return method.equals("HEAD") ? asked.head() : asked.answer();
        }
    }

    private static byte[] decoded(Answer answer) throws IOException {
        ByteArrayInputStream bytes = new ByteArrayInputStream(answer.body());
        String coding = answer.header("content-encoding");
        if (coding == null) {
            return answer.body();
        }
        return coding.equals("br")
                ? new BrotliInputStream(bytes).readAllBytes()
                : new GZIPInputStream(bytes).readAllBytes();
    }

    private static String best() {
        return Brotli4jLoader.isAvailable() ? "br" : "gzip";
    }

    @ParameterizedTest
    @EnumSource
    void aTextIsCompressedForWhoTakesThat(Protocol protocol) throws IOException {
        for (int i = 0; i < 3; i++) { // made, found, kept
            for (String target : List.of("/text.js", "/large.css", "/")) {
                Answer answer = ask(protocol, "GET", target, "accept-encoding", "gzip, deflate, br, zstd");
                assertEquals(200, answer.status());
                assertEquals(best(), answer.header("content-encoding"), target);
                assertEquals("Accept-Encoding", answer.header("vary"));
                assertEquals(Integer.toString(answer.body().length), answer.header("content-length"));
                assertNull(answer.header("accept-ranges"));
                assertTrue(answer.header("etag").matches("W/\".*;relais\""), answer.header("etag"));
                String text = SitesResource.TEXT.repeat(target.equals("/large.css") ? 40 : 1);
                assertArrayEquals(text.getBytes(StandardCharsets.US_ASCII), decoded(answer));

                Answer head = ask(protocol, "HEAD", target, "accept-encoding", "gzip, deflate, br, zstd");
                assertEquals(answer.header("content-length"), head.header("content-length"));
                assertEquals(answer.header("etag"), head.header("etag"));
                Answer same = ask(
                        protocol, "GET", target, "accept-encoding", "gzip, br", "if-none-match", answer.header("etag"));
                assertEquals(304, same.status());
                assertEquals(answer.header("etag"), same.header("etag"));
                assertEquals("Accept-Encoding", same.header("vary"));
                assertNull(same.header("content-encoding"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/text.js,       'br;q=0.5, gzip',  gzip",
        "/text.js,       'gzip',            gzip",
        "/text.js,       'br;q=0, gzip;q=0','-'",
        "/text.js,       'identity',        '-'",
        "/gzip/text.js,  'br, gzip',        gzip",
        "/plain/text.js, 'br, gzip',        '-'",
        "/fixed/text.js, 'br, gzip',        '-'",
        "/small.css,     'br, gzip',        '-'",
        "/text.png,      'br, gzip',        '-'",
        "/random.txt,    'br, gzip',        '-'",
    })
    void theClientAndTheSiteDecide(String target, String accepted, String coding) throws IOException {
        for (Protocol protocol : List.of(Protocol.HTTP_1_1, Protocol.H2C)) {
            Answer answer = ask(protocol, "GET", target, "accept-encoding", accepted);
            assertEquals(200, answer.status());
            assertEquals(coding.equals("-") ? null : coding, answer.header("content-encoding"), target);
            assertArrayEquals(Files.readAllBytes(base.resolve("static" + target)), decoded(answer));
            boolean varies = !target.matches("/(plain|fixed)/.*|.*png");
            assertEquals(varies ? "Accept-Encoding" : null, answer.header("vary"), target);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "H2C"})
    void aVaryOfTheSiteStandsBesideThatOfTheCoding(Protocol protocol) throws IOException {
        for (String accepted : List.of("br, gzip", "identity")) {
            Answer answer = ask(protocol, "GET", "/origin/text.js", "accept-encoding", accepted);
            assertEquals(List.of("Accept-Encoding", "Origin"), answer.headers("vary"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "H2C"})
    void aPartIsOneOfTheFileItself(Protocol protocol) throws IOException {
        Answer whole = ask(protocol, "GET", "/text.js", "accept-encoding", "br, gzip");
        Answer plain = ask(protocol, "GET", "/text.js");
        assertEquals("bytes", plain.header("accept-ranges"));
        Answer part = ask(protocol, "GET", "/text.js", "accept-encoding", "br, gzip", "range", "bytes=4-9");
        assertEquals(206, part.status());
        assertEquals("answer", part.text());
        assertNull(part.header("content-encoding"));
        assertEquals(plain.header("etag"), part.header("etag"));
        Answer more = ask(
                protocol,
                "GET",
                "/text.js",
                "accept-encoding",
                "br, gzip",
                "range",
                "bytes=4-9",
                "if-range",
                whole.header("etag"));
        assertEquals(200, more.status(), "a part of the file is none of what this client has");
        Answer none = ask(protocol, "GET", "/text.js", "range", "bytes=100000-");
        assertEquals(416, none.status());
    }

    @Test
    void aChangedFileIsSentWithinASecond() throws Exception {
        Path file = SitesResource.write(base.resolve("static/changing.js"), SitesResource.TEXT);
        for (String accepted : List.of("gzip", "identity")) {
            for (int i = 0; i < 3; i++) {
                String text = SitesResource.TEXT + i + accepted;
                ask(Protocol.HTTP_1_1, "GET", "/changing.js", "accept-encoding", accepted);
                Files.writeString(file, text);
                awaitWithinASecond(
                        answer -> new String(decoded(answer), StandardCharsets.US_ASCII).equals(text),
                        "/changing.js",
                        "accept-encoding",
                        accepted);
            }
        }
    }

    /** Whether an answer shows a change. */
    private interface Sign {
        boolean isIn(Answer answer) throws IOException;
    }

    /**
     * Asks until a change that was just made shows. An answer whose request was sent within a second after the change need not show it,
     * however late it comes; each other one must.
     */
    private void awaitWithinASecond(Sign change, String target, String... fields) throws IOException {
        long changed = System.nanoTime();
        for (boolean seen = false; !seen; ) {
            long after = System.nanoTime() - changed;
            seen = change.isIn(ask(Protocol.HTTP_1_1, "GET", target, fields));
            assertTrue(seen || after < Duration.ofSeconds(1).toNanos(), after + " ns after the change");
        }
    }

    /** It is kept open; by HTTP/1.1 in clear the kernel copies it, else a thread reads it. */
    @ParameterizedTest
    @EnumSource
    void aLargeFileThatHasAnotherLengthIsOpenedAnewAtOnce(Protocol protocol) throws IOException {
        Path file = base.resolve("static/large.bin");
        for (int length : new int[] {200_000, 300_000, 100_000, 100_000, 250_000}) {
            byte[] bytes = new byte[length];
            Arrays.fill(bytes, (byte) length);
            Files.write(file, bytes); // in its place, so that the one that is open changes
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            for (int i = 0; i < 3; i++) {
                Answer answer = ask(protocol, "GET", "/large.bin");
                assertEquals(200, answer.status());
                assertArrayEquals(bytes, answer.body());
            }
        }
    }

    @Test
    void aFileThatIsGoneOrHiddenIsNotSentForLonger() throws Exception {
        Path file = SitesResource.write(base.resolve("static/going.css"), "p {}\n");
        assertEquals(200, ask(Protocol.HTTP_1_1, "GET", "/going.css").status());
        Files.delete(file);
        awaitWithinASecond(answer -> answer.status() == 404, "/going.css");

        SitesResource.write(file, "p {}\n");
        await().untilAsserted(() ->
                assertEquals(200, ask(Protocol.HTTP_1_1, "GET", "/going.css").status()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        await().untilAsserted(() ->
                assertEquals(403, ask(Protocol.HTTP_1_1, "GET", "/going.css").status()));
        Files.delete(file);
        Files.createSymbolicLink(file, base.resolve("outside/secret.txt"));
        await().untilAsserted(() ->
                assertEquals(403, ask(Protocol.HTTP_1_1, "GET", "/going.css").status()));
        Files.delete(file);
    }

    /** Whoever asks, and whichever of both is there, an answer is one of them and whole. */
    @Test
    void clientsAtTheSameTimeGetWholeFilesWhileTheyAreReplaced() throws Exception {
        Path file = base.resolve("static/busy.js");
        String one = "1".repeat(5_000);
        String two = "2".repeat(7_000);
        SitesResource.write(file, one);
        AtomicInteger answers = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Protocol protocol = i % 2 == 0 ? Protocol.HTTP_1_1 : Protocol.H2C;
            String accepted = i % 4 < 2 ? "gzip" : "identity";
            clients.add(CompletableFuture.runAsync(() -> {
                try (Client client = connect(protocol)) {
                    while (!over.get()) {
                        Answer answer = client.get("/busy.js", "accept-encoding", accepted)
                                .answer();
                        String text = new String(decoded(answer), StandardCharsets.US_ASCII);
                        assertTrue(text.equals(one) || text.equals(two), text);
                        answers.incrementAndGet();
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        try {
            for (int i = 0; i < 20; i++) {
                int seen = answers.get();
                Path next = SitesResource.write(base.resolve("static/next.js"), i % 2 == 0 ? two : one);
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
                await().until(() -> answers.get() > seen + 20
                        || clients.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
            }
        } finally {
            over.set(true);
        }
        for (CompletableFuture<Void> client : clients) {
            client.get();
        }
    }
}
