package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.body.AnswerBuffers;
import dev.relais.body.BacklogLimits;
import dev.relais.dispatch.ExchangeControl;
import dev.relais.events.Events;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.functions.OnAbort;
import dev.relais.http.AnswerHead;
import dev.relais.http.Budgets;
import dev.relais.http.Callbacks;
import dev.relais.http.Edge;
import dev.relais.http.HeadWriters;
import dev.relais.http.MemoryBudget;
import dev.relais.http.Problem;
import dev.relais.http.ResponseWriter;
import dev.relais.telemetry.Meters;
import dev.relais.telemetry.Timeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a scripted client and a scripted exchange, on an event loop whose clock stands. */
class AnswerRelayTest {
    private static final ExchangeFailure LOST = new ExchangeFailure.ConnectionLost("in a test", false);
    private static final ExchangeFailure ABORTED = new ExchangeFailure.Aborted("in a test");
    private static final int MEMORY = 64;

    private final List<String> exchange = new ArrayList<>(); // what the exchange was told
    private final List<String> told = new ArrayList<>(); // what the invocation was told
    private boolean again; // whether the invocation tries again
    private boolean half; // whether a part of the body is missing

    private final ScriptedClient client = new ScriptedClient();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AnswerRelay relay = relay();

    private AnswerRelay relay() {
        AnswerRelay made = unused();
        made.begin(new Exchanged(), "scripted", 0);
        return made;
    }

    /** Without an exchange. */
    private AnswerRelay unused() {
        channel.freezeTime();
        Edge edge = new Edge(channel.eventLoop(), 0, () -> 0);
        MemoryBudget budget = Budgets.of(1 << 20);
        AnswerBuffers buffers = new AnswerBuffers(new BacklogLimits(MEMORY, MEMORY), null, budget);
        Callbacks callbacks = new Callbacks(() -> told.add("fault"), () -> {}, () -> {});
        ResponseWriter writer = new ResponseWriter(client.request, edge, HeadWriters.plain(), budget);
        AnswerRelay.Shared shared =
                new AnswerRelay.Shared(buffers, Meters.ofAnswers(), () -> false, new Events(), () -> 0);
        return new AnswerRelay(
                new Invoked(), shared, channel.eventLoop(), client.request, writer, callbacks, new Timeline(null, 0));
    }

    private final class Invoked implements AnswerListener {
        @Override
        public void answerBegins() {
            told.add("begins");
        }

        @Override
        public void answerIsFile(AnswerHead head) {
            told.add("file " + head.delivery().field());
        }

        @Override
        public boolean scriptIsMissing() {
            told.add("missing");
            return again;
        }

        @Override
        public boolean mayRunAgain(ExchangeFailure failure) {
            return again;
        }

        @Override
        public void runAgain() {
            told.add("again");
        }

        @Override
        public void clientIsGone() {
            told.add("gone");
        }

        @Override
        public void answerFailed(Problem problem) {
            told.add("failed " + problem);
        }

        @Override
        public void answerEnded(int status, boolean scriptGoesOn) {
            told.add("ended " + status + (scriptGoesOn ? " before its script" : ""));
        }

        @Override
        public boolean releaseBody() {
            told.add("released");
            return half;
        }
    }

    private final class Exchanged implements ExchangeControl {
        @Override
        public String process() {
            return "worker=0 child=1";
        }

        @Override
        public int workerId() {
            return 0;
        }

        @Override
        public long childPid() {
            return 1;
        }

        @Override
        public void holdBack() {
            exchange.add("hold back");
        }

        @Override
        public void goOn() {
            exchange.add("go on");
        }

        @Override
        public void answerIsWhole() {
            exchange.add("whole");
        }

        @Override
        public void bodyBrokeOff() {
            exchange.add("body broke off");
        }

        @Override
        public void abort() {
            exchange.add("abort");
        }

        @Override
        public void abandon() {
            exchange.add("abandon");
        }
    }

    private void head(int status, String... fields) {
        relay.onHead(new ResponseHead(status, "A reason", List.of(fields), null));
    }

    private void body(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        relay.onBody(bytes, bytes.readableBytes());
    }

    private void read(String text) {
        body(text);
        relay.onReadComplete();
    }

    @Test
    void passesOnWhatComesAndEndsWithTheExchange() {
        head(201, "X-One", "1");
        read("first ");
        assertEquals("first ", client.body());
        read("second");
        relay.onEnd(0);

        assertEquals("first second", client.body());
        assertEquals(201, client.status());
        assertEquals("1", client.header("X-One"));
        assertTrue(client.isEnded());
        assertEquals(List.of("begins", "ended 201"), told);
        assertEquals(List.of(), exchange);
    }

    @Test
    void whatComesWithItsEndGoesOutWhole() {
        head(200);
        body("all of it");
        relay.onEnd(0);
        assertEquals("all of it", client.body());
        assertEquals(List.of("begins", "ended 200"), told);
    }

    @Test
    void isCompleteWithItsAnnouncedLengthWhateverTheScriptStillDoes() {
        head(200, "Content-Length", "3");
        read("abcd");
        assertEquals("abc", client.body());
        assertTrue(client.isEnded());
        assertEquals(List.of("whole"), exchange);
        assertEquals(List.of("begins", "ended 200 before its script"), told);

        read("dropped");
        relay.onEnd(0);
        assertEquals("abc", client.body());
        assertEquals("released", told.get(2));
    }

    @Test
    void isCompleteAtTheScriptsWord() {
        head(200);
        body("answer");
        relay.onFinished();
        assertTrue(client.isEnded());
        assertEquals(List.of("begins", "ended 200 before its script"), told);
        relay.onFinished();
        relay.onEnd(0);
        assertEquals(List.of("begins", "ended 200 before its script", "released"), told);
    }

    @Test
    void aScriptThatFailsAfterItsAnswerEndsNothingButItsBody() {
        head(200);
        relay.onFinished();
        half = false;
        relay.onFailure(LOST);
        assertEquals(List.of("begins", "ended 200 before its script", "released"), told);
        assertFalse(client.isReset());
    }

    @Test
    void aBodyThatBreaksOffIsToldToAScriptThatStillWorks() {
        head(200);
        relay.bodyEnded(true);
        assertEquals(List.of(), exchange, "the answer is not complete, so another rule holds");
        relay.onFinished();
        relay.bodyEnded(false);
        assertEquals(List.of(), exchange);
        relay.bodyEnded(true);
        assertEquals(List.of("body broke off"), exchange);
        relay.onEnd(0);
        relay.bodyEnded(true);
        assertEquals(List.of("body broke off"), exchange, "it has ended");
    }

    @Test
    void anAnswerThatIsShorterThanItSaysIsCorrectedOrBrokenOff() {
        head(200, "Content-Length", "9");
        body("abc");
        relay.onEnd(0);
        assertEquals("3", client.header("Content-Length"));
        assertFalse(client.isReset());
    }

    @Test
    void anAnswerThatIsShorterThanItHasSaidIsBrokenOff() {
        head(200, "Content-Length", "9");
        read("abc");
        relay.onEnd(0);
        assertTrue(client.isReset());
        assertEquals(List.of("begins", "ended 200"), told);
    }

    @Test
    void anExchangeThatFailsIsTheProblemOfTheInvocation() {
        head(200);
        relay.onFailure(new ExchangeFailure.TimedOut("in a test"));
        assertEquals(List.of("begins", "failed TIMEOUT"), told);
        relay.onEnd(0);
        assertEquals(List.of("begins", "failed TIMEOUT", "released"), told);
    }

    @Test
    void aFaultBeforeAnyExchangeEndsTheInvocation() {
        unused().abandon(Problem.INTERNAL);
        assertEquals(List.of("failed INTERNAL"), told);
        assertEquals(List.of(), exchange);
    }

    @Test
    void anExchangeThatFailsUnseenMayBeReplaced() {
        again = true;
        head(500, "X-Lost", "1");
        body("lost");
        relay.onFailure(LOST);
        assertEquals(List.of("begins", "again"), told);

        relay.begin(new Exchanged(), "scripted", 0);
        head(200);
        read("found");
        relay.onEnd(0);
        assertEquals("found", client.body());
        assertEquals(null, client.header("X-Lost"));
        assertEquals(List.of("begins", "again", "begins", "ended 200"), told);
    }

    @Test
    void anExchangeOfWhichTheClientHasSeenSomethingIsNotReplaced() {
        again = true;
        head(200);
        read("seen");
        relay.onFailure(LOST);
        assertEquals(List.of("begins", "failed FUNCTION_FAILED"), told);
    }

    @Test
    void aFileInPlaceOfItsBodyIsTheInvocationsToSend() {
        head(200, "X-Sendfile", "/a/file");
        read("dropped");
        relay.onFinished();
        relay.onEnd(0);
        assertEquals(List.of("file X-Sendfile", "released"), told);
        assertFalse(client.isHeadWritten());
    }

    @Test
    void aMissingScriptIsLookedForBeforeAnythingIsSaid() {
        again = true;
        head(404);
        body("File not found.\n");
        relay.onEnd(0);
        assertEquals(List.of("begins", "missing"), told);
        assertFalse(client.isHeadWritten());

        relay.answerStands();
        assertEquals("File not found.\n", client.body());
        assertEquals("ended 404", told.get(2));
    }

    @Test
    void aScriptThatIsMissingForGoodIsAnswered() {
        head(404);
        body("File not found.\n");
        relay.onEnd(0);
        assertEquals(List.of("begins", "missing", "ended 404"), told);
    }

    /** What becomes of an exchange whose client is gone before, or after the head of the answer has come. */
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
