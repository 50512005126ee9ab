package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A function that asks for streamed bodies. Its script survives SIGTERM and leaves marks at its body's first byte and end. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class StreamedBodyTest extends RunningGateway {
    private static String put(Side side, String framing) {
        return "PUT /api/streamed?" + side.query() + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x\r\n"
                + framing + "\r\n\r\n";
    }

    private static byte[] random(int bytes) {
        byte[] body = new byte[bytes];
        new Random(11).nextBytes(body);
        return body;
    }

    private static void assertArrived(byte[] body, Answer answer) throws Exception {
        assertEquals(200, answer.status());
        JsonPath json = JsonPath.from(answer.text());
        assertEquals(body.length, json.getInt("bytes"));
        assertEquals(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body)), json.getString("sha256"));
        assertEquals(String.valueOf(body.length), json.getString("length"));
    }

    @Test
    void theScriptReadsTheBodyWhileItArrives() throws Exception {
        byte[] body = random(100_000);
        try (Side side = new Side();
                RawClient client = connect()) {
            client.send(put(side, "Content-Length: 100000")).send(Arrays.copyOf(body, 70_000));
            side.await("first-");
            assertEquals(1, busy());
            assertFalse(side.has("through-"));
            client.send(Arrays.copyOfRange(body, 70_000, 100_000));
            assertArrived(body, client.answer());
            client.send(put(side, "Content-Length: 0"));
            assertArrived(new byte[0], client.answer());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_536, 12 << 20})
    void aBodyArrivesWhole(int bytes) throws Exception {
        byte[] body = random(bytes);
        for (int i = 0; i < 4; i++) { // on children of both event loops
            try (Side side = new Side();
                    RawClient client = connect()) {
                client.send(put(side, "Content-Length: " + bytes)).send(body);
                assertArrived(body, client.answer());
            }
        }
    }

    @Test
    void aChunkedBodyIsGatheredFirst() throws Exception {
        byte[] body = random(50_000);
        try (Side side = new Side();
                RawClient client = connect()) {
            client.send(put(side, "Transfer-Encoding: chunked"))
                    .send("c350\r\n")
                    .send(body)
                    .send("\r\n");
            await().during(java.time.Duration.ofMillis(100)).until(() -> busy() == 0);
            client.send("0\r\n\r\n");
            assertArrived(body, client.answer());
        }
    }

    @Test
    void aBodyThatBreaksOffEndsItsChildAndNotItsScript() throws Exception {
        try (Side side = new Side()) {
            long pid;
            try (RawClient client = connect()) {
                client.send(put(side, "Content-Length: 100000")).send(random(70_000));
                pid = side.await("first-");
            }
            Side.awaitEnd(pid);
            assertFalse(side.has("through-"), "the script has run on half a body");
        }
    }

    @Test
    void aBodyThatStallsTimesOutAndEndsItsChild() throws Exception {
        try (Side side = new Side();
                RawClient client = connect()) {
            client.send(put(side, "Content-Length: 100000")).send(random(70_000));
            long pid = side.await("first-");
            Answer answer = client.answer();

            assertEquals(408, answer.status());
            assertTrue(client.isEnded());
            Side.awaitEnd(pid);
            assertFalse(side.has("through-"), "the script has run on half a body");
        }
    }

    @Test
    void aBodyThatStallsAfterTheAnswersHeadBreaksTheAnswerOff() throws Exception {
        try (Side side = new Side();
                RawClient client = connect()) {
            client.send(put(side, "Content-Length: 100000").replace(" HTTP", "&early HTTP"))
                    .send(random(70_000));
            assertEquals(200, client.answerHead().status());
            assertEquals("early", new String(client.chunk(), StandardCharsets.US_ASCII));
            assertThrows(EOFException.class, client::chunk);
            Side.awaitEnd(side.await("first-"));
            assertFalse(side.has("through-"), "the script has run on half a body");
        }
    }

    @Test
    void aBodyOverTheLimitIsRefusedBeforeAChildIsTaken() throws IOException {
        try (Side side = new Side();
                RawClient client = connect()) {
            client.send(put(side, "Content-Length: 12582913\r\nExpect: 100-continue"));
            assertEquals(413, client.answer().status());
            assertFalse(side.has("running-"));
        }
    }
}
