package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.AtOnce;
import dev.relais.testing.Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Pace;
import dev.relais.testing.Protocol;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streamed bodies that are answered before they are whole. When the answer is complete the body may not be: PHP waits for the
 * rest at the end of the script, if the script does not, up to the time limit, which is three minutes here.
 */
@QuarkusTest
@TestProfile(RunningProfile.class)
class EarlyAnswerTest extends RunningGateway {
    private static final int LENGTH = 100_000;

    /** Of both workers. */
    private static final int CHILDREN = 4;

    private record Way(Protocol protocol, String how) {}

    private static List<Way> allWays() {
        List<Way> all = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            for (String how :
                    List.of("finish", "length-flush", "length-finish", "flush-finish", "length-flush-finish")) {
                all.add(new Way(protocol, how));
            }
        }
        return all;
    }

    static List<Arguments> ways() {
        return allWays().stream()
                .map(way -> Arguments.of(way.protocol(), way.how()))
                .toList();
    }

    private static Client begin(Client client, String how, Side side) throws IOException {
        return client.begin(
                        "PUT",
                        "/api/early?how=" + how + "&" + side.query(),
                        "Content-Length",
                        "" + LENGTH,
                        "Content-Type",
                        "application/x")
                .send(new byte[30_000]);
    }

    /** What is done by a client that has its answer but has not sent its whole body. */
    private interface Rest {
        void of(Client client, Side side, Pace pace) throws Exception;
    }

    private void refused(Protocol protocol, String how, Rest rest) throws Exception {
        untilProved(PAUSE, (side, pace) -> isProved(protocol, how, rest, side, pace));
    }

    /** @return false when the script had no time to answer, so that the rest was not done */
    private boolean isProved(Protocol protocol, String how, Rest rest, Side side, Pace pace) throws Exception {
        try (Client client = connect(protocol)) {
            pace.begin();
            begin(client, how, side);
            pace.stop();
            if (!isRefused(client, side)) {
                return false;
            }
            rest.of(client, side, pace);
            return true;
        }
    }

    /** Reads the answer. It is false when the script had no time to give it before the body timed out. */
    private static boolean isRefused(Client client, Side side) throws IOException {
        Answer answer;
        try {
            answer = client.answer();
        } catch (IOException e) { // broken off between its head and its end
            if (hadTime(side)) {
                throw e;
            }
            return false;
        }
        if (answer.status() == 408 && !hadTime(side)) {
            return false;
        }
        assertEquals(401, answer.status());
        assertEquals("no", answer.text());
        return true;
    }

    /** Whether the script has answered long before the body timed out. */
    private static boolean hadTime(Side side) throws IOException {
        return side.hadWithin("answered-", BODY_TIMEOUT.dividedBy(2));
    }

    /** Waits for less than the time limit of three minutes. */
    private void awaitFree(long pid) {
        Side.awaitEnd(pid);
        await().until(this::isWhole);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aClientThatLeavesWithItsAnswerFreesTheChild(Protocol protocol, String how) throws Exception {
        Rest leaving = (client, side, pace) -> {
            pace.goOn();
            long pid = side.await("running-");
            int busy = busy();
            pace.stop();
            assertEquals(1, busy);
            client.close();
            awaitFree(pid);
        };
        untilProved(PAUSE, (side, pace) -> {
            await().until(this::isWhole); // so that no other child is busy
            return isProved(protocol, how, leaving, side, pace);
        });
    }

    /** As many at a time as there are children. */
    @Test
    void aClientThatSendsNoMoreFreesTheChild() throws Exception {
        AtOnce.each(
                CHILDREN,
                allWays(),
                way -> refused(
                        way.protocol(), way.how(), (client, side, pace) -> Side.awaitEnd(side.await("running-"))));
    }

    /** The client sends one byte now and then, so that it never pauses for long. */
    @Test
    void aClientThatSendsTooLittleFreesTheChild() throws Exception {
        AtOnce.each(
                CHILDREN,
                List.of(Protocol.values()),
                protocol -> refused(protocol, "finish", (client, side, pace) -> {
                    long pid = side.await("running-");
                    await().pollInterval(Duration.ofMillis(50)).until(() -> {
                        sendIfTaken(client);
                        return !Side.runs(pid);
                    });
                }));
    }

    /** The rest of the body is no longer read. */
    @ParameterizedTest
    @EnumSource
    void aScriptThatDiesAfterItsAnswerEndsTheUpload(Protocol protocol) throws Exception {
        refused(protocol, "finish&dies", (client, side, pace) -> {
            pace.goOn();
            long pid = side.await("running-");
            side.open("gate");
            pace.await(() -> !Side.runs(pid)); // by itself, and not because its client pauses
            pace.stop();
            if (client instanceof Http2Stream stream) {
                assertEquals(Http2Stream.NO_ERROR, stream.awaitReset());
            } else {
                assertThrows(IOException.class, client::head);
            }
        });
    }

    /** HTTP/2 closes a stream with its answer, which must not count as a client that has gone. */
    @ParameterizedTest
    @CsvSource({"HTTP_1_1, plain", "H2C, plain", "H2, plain", "HTTP_1_1, large", "H2C, large", "H2, large"})
    void aScriptThatHasNotReadItsGatheredBodyWorksOn(Protocol protocol, String how) throws IOException {
        try (Side side = new Side()) {
            try (Client client = connect(protocol)) {
                client.begin("PUT", "/api/finish?how=" + how + "&" + side.query(), "Content-Length", "1000000")
                        .send(new byte[1_000_000])
                        .end();
                assertEquals(200, client.answer().status());
            }
            long pid = side.await("running-");
            assertFalse(side.has("through-"));
            side.open("gate");
            assertEquals(pid, side.await("through-"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCancelledRequestFreesTheChildOfAnAnsweredOne(Protocol protocol) throws Exception {
        refused(protocol, "finish&reads", (client, side, pace) -> {
            client.cancel();
            awaitFree(side.await("running-"));
            assertFalse(side.has("read-"), "the script has run on half a body");
        });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aBodyThatGoesOnReachesTheScriptWholeAndTheConnectionIsKept(Protocol protocol, String how) throws Exception {
        refused(protocol, how + "&reads", (client, side, pace) -> {
            pace.goOn();
            client.send(new byte[LENGTH - 30_000]).end();
            pace.stop();
            long pid = side.await("running-");
            await().pollInterval(Duration.ofMillis(5)).until(() -> side.has("read-") || !Side.runs(pid));
            assertTrue(Side.runs(pid), "its process was ended");
            assertEquals(LENGTH, side.await("read-"));
            if (!protocol.isHttp2()) {
                assertEquals(200, client.get("/api/hello").answer().status());
            }
        });
    }

    /** The head was sent, and PHP reads the rest of the body before it ends the answer. */
    @Test
    void anAnswerWithoutLengthIsBrokenOffWhenTheBodyStalls() throws Exception {
        AtOnce.each(
                CHILDREN,
                List.of(Protocol.values()),
                protocol -> untilProved(BODY_TIMEOUT, (side, pace) -> {
                    try (Client client = connect(protocol)) {
                        begin(client, "flush", side);
                        pace.stop();
                        int status = client.head().status();
                        if (status == 408 && !hadTime(side)) {
                            return false;
                        }
                        assertEquals(401, status);
                        assertTrue(client.isBrokenOff());
                        Side.awaitEnd(side.await("running-"));
                        return true;
                    }
                }));
    }
}
