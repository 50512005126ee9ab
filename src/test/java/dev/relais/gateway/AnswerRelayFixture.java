package dev.relais.gateway;

import dev.relais.body.AnswerBuffers;
import dev.relais.body.BacklogLimits;
import dev.relais.dispatch.ExchangeControl;
import dev.relais.events.Events;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ResponseHead;
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

/** An {@link AnswerRelay} between a scripted client and a scripted exchange, on an event loop whose clock stands still. */
abstract class AnswerRelayFixture {
    static final ExchangeFailure LOST = new ExchangeFailure.ConnectionLost("in a test", false);
    static final ExchangeFailure ABORTED = new ExchangeFailure.Aborted("in a test");
    static final int MEMORY = 64;

    final List<String> exchange = new ArrayList<>(); // what the exchange was told
    final List<String> told = new ArrayList<>(); // what the invocation was told
    boolean again; // whether the invocation tries again
    boolean half; // whether a part of the body is missing

    final ScriptedClient client = new ScriptedClient();
    final EmbeddedChannel channel = new EmbeddedChannel();
    final AnswerRelay relay = relay();

    private AnswerRelay relay() {
        AnswerRelay made = unused();
        made.begin(new Exchanged(), "scripted", 0);
        return made;
    }

    /** A relay that has not begun an exchange. */
    final AnswerRelay unused() {
        channel.freezeTime();
        Edge edge = new Edge(channel.eventLoop(), 0, () -> 0);
        MemoryBudget budget = Budgets.of(1 << 20);
        AnswerBuffers buffers = new AnswerBuffers(new BacklogLimits(MEMORY, MEMORY), null, budget);
        Callbacks callbacks = new Callbacks(() -> told.add("fault"), () -> {}, () -> {});
        Timeline timeline = new Timeline(null, 0);
        ResponseWriter writer = new ResponseWriter(client.request, edge, HeadWriters.plain(), budget, timeline);
        RelayParts shared = new RelayParts(buffers, Meters.ofAnswers(), () -> false, new Events(), () -> 0);
        return new AnswerRelay(new Invoked(), shared, channel.eventLoop(), client.request, writer, callbacks, timeline);
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
        public void answerIsStored() {
            told.add("stored");
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
        public void answered(int status) {
            throw new AssertionError("answerEnded is told");
        }

        @Override
        public void done(int status) {
            throw new AssertionError("answerEnded is told");
        }

        @Override
        public boolean releaseBody() {
            told.add("released");
            return half;
        }
    }

    final class Exchanged implements ExchangeControl {
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

    final void head(int status, String... fields) {
        relay.onHead(new ResponseHead(status, "A reason", List.of(fields), null));
    }

    final void body(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        relay.onBody(bytes, bytes.readableBytes());
    }

    final void read(String text) {
        body(text);
        relay.onReadComplete();
    }
}
