package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Attempts;
import dev.relais.testing.Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A gateway with a spool of one megabyte, and one child. */
@QuarkusTest
@TestProfile(NarrowProfile.class)
class SpoolTest extends RunningGateway {
    private static final String POST = "POST /api/body HTTP/1.1\r\nHost: localhost\r\n";

    private static void assertSpoolFull(Answer answer) {
        assertEquals(503, answer.status());
        assertTrue(answer.text().contains("urn:relais:problem:spool-full"), answer.text());
        assertEquals("1", answer.header("Retry-After"));
    }

    @Test
    void aBodyForWhichThereIsNoRoomIsRefusedBeforeItIsSent() throws IOException {
        try (RawClient client = connect()) {
            client.send(POST + "Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n");
            assertSpoolFull(client.answer());
            assertTrue(client.isEnded());
        }
        assertEquals(200, get("/api/hello").status());
    }

    @Test
    void aBodyOfUnknownLengthIsRefusedWhenItFillsTheSpool() throws Exception {
        String chunk = "20000\r\n" + "x".repeat(0x20000) + "\r\n";
        Attempts.untilProved(PAUSE, pace -> {
            try (RawClient client = connect()) {
                client.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
                for (int i = 0; i < 12; i++) {
                    client.send(chunk);
                }
                pace.stop();
                assertSpoolFull(client.answer());
                return true;
            }
        });
        await().until(() -> manage("/q/metrics").text().contains("relais_spool_bytes 0.0"));
    }

    /** Each body is larger than relais.http.body-memory, and together they are larger than the connection's window. */
    @ParameterizedTest
    @EnumSource(names = "HTTP_1_1", mode = EnumSource.Mode.EXCLUDE)
    void bodiesOfOneConnectionDoNotWaitForEachOther(Protocol protocol) throws IOException {
        byte[] body = new byte[300_000];
        try (Client client = connect(protocol)) {
            List<Http2Stream> streams = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Http2Stream stream = ((Http2Stream) client).connection().stream();
                streams.add(stream.begin("POST", "/api/body"));
            }
            for (int at = 0; at < body.length; at += 20_000) {
                for (Http2Stream stream : streams) {
                    stream.send(Arrays.copyOfRange(body, at, at + 20_000));
                }
            }
            for (Http2Stream stream : streams) {
                Answer answer = stream.end().answer();
                assertEquals(200, answer.status());
                assertTrue(answer.text().startsWith("{\"bytes\":300000,"), answer.text());
            }
        }
    }

    @Test
    void anAnswerForWhichThereIsNoRoomGoesAtItsClientsPace() throws IOException {
        try (RawClient client = RawClient.connect(http.getPort(), 16 * 1024).get("/api/large?megabytes=12")) {
            Answer head = client.answerHead();
            await().during(Duration.ofMillis(300)).until(() -> busy() == 1);

            LargeAnswer.read(client, head, 12);
        }
    }

    @Test
    void aStreamedBodyIsAskedForOnlyWhenItHasAChild() throws Exception {
        try (Side side = new Side();
                RawClient holder = connect();
                RawClient client = connect()) {
            holder.get("/api/gate?" + side.query());
            side.await("running-");
            client.send("PUT /api/streamed?" + side.query()
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
            assertTrue(client.isSilent(100));
            assertFalse(side.has("first-"));
            side.open("gate");
            assertEquals(100, client.answerHead().status());
            assertEquals(200, client.send("abc").answer().status());
            assertEquals(200, holder.answer().status());
        }
    }
}
