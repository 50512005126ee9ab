package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.functions.OnAbort;
import dev.relais.http.Problem;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers whose client reads slowly or is gone, and answers that were given up. */
class AnswerRelayClientTest extends AnswerRelayFixture {
    /** What happens to an exchange whose client is gone before or after the head of the answer has come. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "DEFAULT, false, false, -,       -",
                "DEFAULT, true,  false, abandon, ended 499",
                "DEFAULT, false, true,  abandon, ended 499",
                "DEFAULT, true,  true,  abandon, ended 499",
                "FINISH,  false, false, -,       -",
                "FINISH,  true,  false, go on,   -",
                "FINISH,  false, true,  abandon, ended 499",
                "FINISH,  true,  true,  abandon, ended 499",
                "END,     false, false, abort,   -",
                "END,     true,  false, abort,   -",
                "END,     false, true,  abort,   -",
                "END,     true,  true,  abort,   -"
            })
    void whoseClientIsGoneGoesByItsRule(OnAbort rule, boolean headTaken, boolean bodyHalf, String done, String end) {
        if (headTaken) {
            head(200);
        }
        told.clear();
        relay.onClientGone(rule, bodyHalf);
        assertEquals(done == null ? List.of() : List.of(done), exchange);
        assertEquals(end == null ? List.of() : List.of(end), told);

        again = true; // which is never asked for
        relay.onBody(Unpooled.copiedBuffer("dropped", StandardCharsets.US_ASCII), 7);
        relay.onReadComplete();
        if (rule == OnAbort.END) {
            relay.onFailure(ABORTED);
        } else {
            relay.onEnd(0);
        }
        assertEquals("ended 499", told.get(0));
        assertEquals("", client.body());
    }

    @Test
    void aScriptThatFinishesUnheardKeepsItsBody() {
        relay.onClientGone(OnAbort.FINISH, false);
        relay.onFinished();
        assertEquals(List.of("ended 499 before its script"), told);
    }

    @Test
    void aSlowClientHoldsPhpBackAndIsWaitedForAtTheEnd() {
        head(200);
        client.stop();
        read("a".repeat(MEMORY));
        assertEquals(List.of(), exchange, "that much waits in the connection");
        read("b".repeat(MEMORY));
        assertEquals(List.of("hold back"), exchange);
        assertEquals(MEMORY, client.body().length());

        client.takeAll();
        assertEquals(List.of("hold back", "go on"), exchange);
        assertEquals(2 * MEMORY, client.body().length());
        client.stop();
        read("c");
        read("d");
        relay.onEnd(0);
        assertEquals(List.of("begins"), told);
        client.takeAll();
        assertTrue(client.isEnded());
        assertEquals(List.of("begins"), told, "its last byte is under way");
        client.takeAll();
        assertEquals(List.of("begins", "ended 200"), told);
        assertTrue(client.body().endsWith("bcd"));
    }

    @Test
    void aSlowClientThatGoesAwayAtTheEndIsOver() {
        head(200);
        client.stop();
        read("a");
        read("b");
        relay.onEnd(0);
        relay.onClientGone(OnAbort.DEFAULT, false);
        assertEquals(List.of("begins", "ended 499"), told);
        client.takeAll();
        assertEquals("a", client.body());
    }

    @Test
    void aClientWhoseConnectionFailsAtTheLastByteCountsAsGone() {
        head(200);
        client.stop();
        read("a");
        relay.onEnd(0);
        client.written(false);
        assertEquals(List.of("begins", "ended 499"), told);
    }

    @Test
    void aClientThatHoldsPhpBackForTooLongIsBrokenOff() {
        head(200);
        client.stop();
        read("a");
        read("b".repeat(MEMORY));
        assertEquals(List.of("hold back"), exchange);
        for (int i = 0; i < 2; i++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
        assertTrue(client.isReset());
        assertEquals(List.of("begins", "gone"), told);
    }

    @Test
    void anAbandonedExchangeIsNoMoreHeardOf() {
        relay.abandon(Problem.BODY_TIMEOUT);
        relay.abandon(Problem.BODY_TIMEOUT);
        head(200);
        read("late");
        assertEquals(List.of("abandon"), exchange);
        assertEquals(List.of("failed BODY_TIMEOUT"), told);
        assertFalse(client.isHeadWritten());
    }
}
