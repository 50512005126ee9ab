package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.relais.testing.Answer;
import dev.relais.testing.AtOnce;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A function that asks for streamed bodies. Its script survives SIGTERM and leaves marks at its body's first byte and end. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class StreamedBodyTest extends RunningGateway {
    /** Of both workers. */
    private static final int CHILDREN = 4;

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

    private static Client put(Client client, Side side, int length) throws IOException {
        return client.begin(
                "PUT",
                "/api/streamed?" + side.query(),
                "Content-Type",
                "application/x",
                "Content-Length",
                Integer.toString(length));
    }

    @ParameterizedTest
    @EnumSource
    void theScriptReadsTheBodyWhileItArrives(Protocol protocol) throws Exception {
        byte[] body = random(100_000);
        untilProved(BODY_TIMEOUT, (side, pace) -> {
            await().until(this::isWhole);
            try (Client client = connect(protocol)) {
                pace.begin();
                put(client, side, 100_000).send(Arrays.copyOf(body, 60_000));
                pace.await(() -> side.has("first-"));
                assertEquals(1, busy());
                assertFalse(side.has("through-"));
                client.send(Arrays.copyOfRange(body, 60_000, 100_000)).end();
                pace.stop();
                assertArrived(body, client.answer());
                put(client, side, 0).end();
                assertArrived(new byte[0], client.answer());
                return true;
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aBodyArrivesWhole(Protocol protocol) throws Exception {
        for (int bytes : new int[] {1, 65_536, 12 << 20}) {
            byte[] body = random(bytes);
            for (int i = 0; i < 4; i++) { // on children of both event loops
                try (Side side = new Side();
                        Client client = connect(protocol)) {
                    assertArrived(
                            body, put(client, side, bytes).send(body).end().answer());
                }
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
            await().during(Duration.ofMillis(100)).until(() -> busy() == 0);
            client.send("0\r\n\r\n");
            assertArrived(body, client.answer());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatBreaksOffEndsItsChildAndNotItsScript(Protocol protocol) throws Exception {
        for (boolean cancelled : new boolean[] {false, true}) {
            untilProved(BODY_TIMEOUT, (side, pace) -> {
                try (Client client = connect(protocol)) {
                    put(client, side, 100_000).send(random(60_000));
                    pace.await(() -> side.hasWhole("first-"));
                    long pid = side.await("first-");
                    if (cancelled) {
                        client.cancel();
                    } else {
                        client.close();
                    }
                    pace.stop();
                    Side.awaitEnd(pid);
                    assertFalse(side.has("through-"), "the script has run on half a body");
                    return true;
                }
            });
        }
    }

    @Test
    void aBodyThatStallsTimesOutAndEndsItsChild() throws Exception {
        AtOnce.each(
                CHILDREN,
                List.of(Protocol.values()),
                protocol -> untilProved(BODY_TIMEOUT, (side, pace) -> {
                    try (Client client = connect(protocol)) {
                        put(client, side, 100_000).send(random(60_000));
                        pace.stop();
                        assertEquals(408, client.answer().status());
                        if (!side.hasWhole("first-")) {
                            return false; // the script had no time
                        }
                        Side.awaitEnd(side.await("first-"));
                        assertFalse(side.has("through-"), "the script has run on half a body");
                        return true;
                    }
                }));
    }

    /** A byte now and then is no pause, but it is below the minimum rate. */
    @Test
    void aBodyThatComesTooSlowlyTimesOutAndEndsItsChild() throws Exception {
        AtOnce.each(
                CHILDREN,
                List.of(Protocol.values()),
                protocol -> untilProved(BODY_TIMEOUT, (side, pace) -> {
                    try (Client client = connect(protocol)) {
                        put(client, side, 100_000).send(random(1));
                        pace.await(() -> hasBegun(side));
                        pace.stop(); // a pause that is too long is answered in the same way
                        long pid = side.await("running-");
                        await().pollInterval(Duration.ofMillis(50)).until(() -> {
                            sendIfTaken(client);
                            return !Side.runs(pid);
                        });

                        assertEquals(408, client.answer().status());
                        assertFalse(side.has("through-"), "the script has run on half a body");
                        return true;
                    }
                }));
    }

    @Test
    void aBodyThatStallsAfterTheAnswersHeadBreaksTheAnswerOff() throws Exception {
        untilProved(BODY_TIMEOUT, (side, pace) -> {
            try (RawClient client = connect()) {
                client.send(put(side, "Content-Length: 100000").replace(" HTTP", "&early HTTP"))
                        .send(random(70_000));
                pace.stop();
                int status = client.answerHead().status();
                if (status == 408 && !side.hadWithin("first-", BODY_TIMEOUT.dividedBy(2))) {
                    return false; // the script had no time to give its head
                }
                assertEquals(200, status);
                assertEquals("early", new String(client.chunk(), StandardCharsets.US_ASCII));
                assertThrows(EOFException.class, client::chunk);
                Side.awaitEnd(side.await("running-"));
                assertFalse(side.has("through-"), "the script has run on half a body");
                return true;
            }
        });
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
