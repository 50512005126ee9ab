package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.functions.Functions;
import dev.relais.testing.Answer;
import dev.relais.testing.Http2Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that together need more memory than there is, which is 2 MiB each for heads, bodies and answers. */
@QuarkusTest
@TestProfile(NarrowProfile.class)
class MemoryTest extends RunningGateway {
    private static final int WINDOW_UPDATE = 8;

    @Inject
    Functions functions;

    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void everythingIsGivenBack() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        await().until(() -> meter("relais_memory_bytes") == 0 && meter("relais_spool_bytes") == 0);
        assertEquals(200, get("/api/hello").status());
    }

    private RawClient client() throws IOException {
        RawClient client = connect();
        clients.add(client);
        return client;
    }

    /** In tests there is no handler of unfinished heads, but running requests use the same budget. */
    @Test
    void whereHeadsTakeAllARequestIsRefusedAndToldToComeAgain() throws IOException {
        String post = "POST /api/body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nX-A: " + "a".repeat(29_000);
        for (int i = 0; i < 80; i++) {
            client().send(post + "\r\n\r\n");
        }
        Answer refused = clients.get(79).answer();
        assertEquals(503, refused.status());
        assertEquals("1", refused.header("Retry-After"));
        assertTrue(refused.text().contains("urn:relais:problem:memory-full"), refused.text());
        assertTrue(meter("relais_memory_refusals_total") > 0);

        assertEquals(200, clients.get(0).send("abc").answer().status());
    }

    /** Each body is smaller than relais.http.body-memory. */
    @Test
    void bodiesThatDoNotFitIntoMemoryTogetherGoToTheSpoolAndArriveWhole() throws IOException {
        int half = 120_000;
        for (int i = 0; i < 16; i++) {
            client().send("POST /api/body HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + 2 * half + "\r\n\r\n")
                    .send(new byte[half]);
        }
        await().until(() -> meter("relais_spool_bytes") + meter("relais_memory_bytes") >= 16 * half);
        for (RawClient client : clients) {
            Answer answer = client.send(new byte[half]).answer();
            assertEquals(200, answer.status());
            assertTrue(answer.text().startsWith("{\"bytes\":" + 2 * half + ","), answer.text());
            assertTrue(meter("relais_memory_bytes") < 4 << 20, "half as much again, and its requests");
        }
    }

    /** Each file is kept in memory, and its client takes nothing of it. */
    @Test
    void filesThatWaitForTheirClientsLeaveRoomForOthers() throws Exception {
        Path root = Files.createTempDirectory("relais-memory").toRealPath();
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.write(root.resolve("a.png"), new byte[60_000]);
        Path settings = functions.status().directory().resolve("functions.yaml");
        String before = Files.readString(settings);
        List<Http2Client> connections = new ArrayList<>();
        try {
            Files.writeString(
                    settings,
                    before + "sites:\n  files: {hosts: [files.example], fallback: 404, root: " + root + "}\n");
            functions.refresh().toCompletableFuture().get();
            await().until(() ->
                    ask("GET /a.png HTTP/1.1", "Host: files.example").status() == 200);
            List<Http2Stream> streams = new ArrayList<>();
            for (int i = 0; i < 75; i++) {
                if (i % 25 == 0) {
                    connections.add(Http2Client.connect(http.getPort(), 0)); // no window
                }
                Http2Stream stream = connections.get(i / 25).stream();
                stream.beginWith(
                        true, ":method", "GET", ":scheme", "http", ":path", "/a.png", ":authority", "files.example");
                assertEquals(200, stream.head().status(), "stream " + i);
                streams.add(stream);
            }
            assertEquals(200, get("/api/hello").status());
            for (int i = 0; i < 75; i++) {
                byte[] more = ByteBuffer.allocate(4).putInt(16 << 20).array();
                if (i % 25 == 0) {
                    connections.get(i / 25).frame(WINDOW_UPDATE, 0, 0, more);
                }
                connections.get(i / 25).frame(WINDOW_UPDATE, 0, streams.get(i).id(), more);
                int read = 0;
                for (byte[] piece = streams.get(i).piece();
                        piece.length > 0;
                        piece = streams.get(i).piece()) {
                    read += piece.length;
                }
                assertEquals(60_000, read);
            }
        } finally {
            for (Http2Client connection : connections) {
                connection.close();
            }
            Files.writeString(settings, before);
            functions.refresh().toCompletableFuture().get();
            await("the site has gone, so that the next test meets no new generation")
                    .until(() ->
                            ask("GET /a.png HTTP/1.1", "Host: files.example").status() != 200);
            Side.delete(root);
        }
    }
}
