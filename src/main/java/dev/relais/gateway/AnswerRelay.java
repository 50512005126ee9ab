package dev.relais.gateway;

import dev.relais.body.AnswerFlow;
import dev.relais.dispatch.ExchangeControl;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.functions.OnAbort;
import dev.relais.http.AnswerHead;
import dev.relais.http.Callbacks;
import dev.relais.http.Problem;
import dev.relais.http.RequestId;
import dev.relais.http.ResponseWriter;
import dev.relais.telemetry.AnswerMeters;
import dev.relais.telemetry.FunctionMeters;
import dev.relais.telemetry.Timeline;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Passes the answer of an exchange on to the client as it arrives, through an {@link AnswerFlow}, and reports once to the
 * invocation how it ended. The answer may be complete before the exchange is, because the script says so or because its
 * announced length has arrived. {@link AnswerState} has the legal moves. Confined to the request's event loop.
 */
final class AnswerRelay implements ExchangeListener, AnswerFlow.Listener {
    private final AnswerListener listener;
    private final RelayParts shared;
    private final HttpServerRequest request;
    private final ResponseWriter writer;
    private final Callbacks callbacks;
    private final Timeline timeline;
    private final AnswerFlow flow;
    private AnswerState state = AnswerState.AWAITED;
    private @Nullable ExchangeControl exchange; // null until one begins
    private AnswerTap tap = AnswerTap.NONE;

    private String function = ""; // its name, for the log; by begin, and before that nothing is logged

    AnswerRelay(
            AnswerListener listener,
            RelayParts shared,
            EventLoop loop,
            HttpServerRequest request,
            ResponseWriter writer,
            Callbacks callbacks,
            Timeline timeline) {
        this.listener = listener;
        this.shared = shared;
        this.request = request;
        this.writer = writer;
        this.callbacks = callbacks;
        this.timeline = timeline;
        this.flow = new AnswerFlow(shared.buffers(), loop, request.response(), writer, this, callbacks);
    }

    /**
     * An exchange of this function is about to start, and its events come next.
     *
     * @param clientWaitMillis how long the client may hold PHP back
     */
    void begin(ExchangeControl begun, String name, long clientWaitMillis) {
        exchange = begun;
        function = name;
        flow.begin(clientWaitMillis);
    }

    /** Shows the answer to the result cache as well. */
    void tap(AnswerTap cache) {
        tap = cache;
    }

    /** Once one was begun. */
    private ExchangeControl exchange() {
        return Objects.requireNonNull(exchange);
    }

    /** Discards an answer of which nothing is written, since another exchange will bring another one. */
    void forget() {
        state = state.again();
        writer.reset();
        tap.discarded();
    }

    @Override
    public void onEarlyHints(ResponseHead hints) {
        if (state instanceof AnswerState.Awaited) {
            writer.hints(tap.visible(AnswerHead.of(hints).fields()));
        }
    }

    @Override
    public void onHead(ResponseHead head) {
        if (!state.isOpen()) {
            if (state instanceof AnswerState.Unheard) {
                tap.unheard(head);
            }
            return;
        }
        state = state.head();
        timeline.firstByte(shared.clock().getAsLong());
        if (head.oddity() != null) {
            warn("Left out of an answer's head", head.oddity());
        }
        @Nullable AnswerHead answer = AnswerHead.of(head);
        if (answer.delivery().isByFile()) {
            state = state.over(false); // a file is sent in its place, and PHP's further output is dropped
            tap.isFile();
            listener.answerIsFile(answer);
            return;
        }
        answer = tap.head(answer);
        if (answer == null) {
            state = state.over(false);
            listener.answerIsStored();
            return;
        }
        if (answer.lengthIsWrong()) {
            warn("A wrong Content-Length counts as none", null);
        }
        listener.answerBegins();
        writer.head(answer, shared.draining().getAsBoolean());
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        if (state.isOpen()) {
            flow.body(in, length);
        }
        if (state.isOpen() || state instanceof AnswerState.Unheard) {
            tap.body(in, length);
        }
    }

    @Override
    public void onReadComplete() {
        boolean passing = state instanceof AnswerState.Passing;
        if (passing && !writer.isWhole() || state instanceof AnswerState.Unheard) {
            tap.readComplete();
        }
        if (!passing) {
            return;
        }
        if (writer.isWhole()) {
            // The client has everything and waits for nothing (RFC 9112 section 6.3), nor do others behind a proxy.
            exchange().answerIsWhole();
            end(true);
        } else {
            flow.readComplete();
        }
    }

    @Override
    public @Nullable String requestId() {
        return RequestId.of(request);
    }

    @Override
    public void onStderr(String message) {
        PhpLog.log(function, request, message);
    }

    @Override
    public void onFinished() {
        if (state.isOpen()) {
            end(true);
        } else if (state instanceof AnswerState.Unheard) {
            tap.end(true);
            finish(FunctionMeters.CLIENT_CLOSED, true);
        } else {
            state = state.script(true);
        }
    }

    @Override
    public void onEnd(int appStatus) {
        if (state instanceof AnswerState.Unheard) {
            tap.end(appStatus == 0);
            finish(FunctionMeters.CLIENT_CLOSED, false);
        } else if (!state.isOpen()) {
            state = state.script(false);
            if (state instanceof AnswerState.Over) {
                listener.releaseBody();
            }
        } else if (!writer.isScriptMissing() || !listener.scriptIsMissing()) {
            tap.end(appStatus == 0); // after a fatal error it is not, and the answer may have been cut
            end(false);
        }
    }

    /** No other script was found for the function, so PHP's answer that the script is missing goes to the client. */
    void answerStands() {
        end(false);
    }

    /** The answer is complete. Ends it once the client has taken everything before. */
    private void end(boolean scriptGoesOn) {
        state = state.whole(scriptGoesOn);
        timeline.lastByte(shared.clock().getAsLong());
        tap.end(true);
        if (writer.isCorrectable()) {
            warn("An answer is shorter than its Content-Length", null);
        }
        switch (flow.end()) {
            case NONE -> {
                int status = writer.status();
                endWith(status, null);
                finish(status, scriptGoesOn);
            }
            case WITH_CONNECTION -> clientHasCaughtUp();
            case BEHIND -> {} // clientHasCaughtUp, clientIsTooSlow or onClientGone follows
        }
    }

    @Override
    public void holdBack() {
        if (!tap.isWaitedFor()) { // the others need not wait for this client
            exchange().holdBack();
        }
    }

    @Override
    public void goOn() {
        exchange().goOn();
    }

    /** The invocation ends only when the client has the last byte, since a stop of the gateway waits for that. */
    @Override
    public void clientHasCaughtUp() {
        int status = writer.status();
        endWith(
                status,
                callbacks.handler(written ->
                        finish(written.succeeded() ? status : FunctionMeters.CLIENT_CLOSED, state.scriptGoesOn())));
    }

    private void endWith(int status, @Nullable Handler<AsyncResult<Void>> onWritten) {
        if (!writer.end(onWritten)) {
            warn("An answer ended before its Content-Length", null);
            finish(status, state.scriptGoesOn());
        }
    }

    @Override
    public void clientIsTooSlow() {
        shared.meters().brokenOff(AnswerMeters.Reason.CLIENT_WAIT);
        flow.close();
        writer.breakOff();
        listener.clientIsGone();
    }

    @Override
    public void backlogLost(Throwable cause) {
        warn("An answer is lost in the spool", cause);
        abandon(Problem.INTERNAL);
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
        Problem problem = Failures.problemOf(failure);
        boolean ours = failure instanceof ExchangeFailure.Aborted;
        if (state.isOpen()) {
            failOrRunAgain(failure, problem, ours);
        } else if (state instanceof AnswerState.Unheard) {
            if (!ours) {
                AnswerLog.failed(function, request, exchange(), problem, failure);
            }
            tap.end(false);
            finish(FunctionMeters.CLIENT_CLOSED, false);
        } else {
            failAfterAnswer(failure, problem, ours);
        }
    }

    private void failOrRunAgain(ExchangeFailure failure, Problem problem, boolean ours) {
        boolean again = !writer.isHeadWritten() && listener.mayRunAgain(failure);
        if (again && !ours) {
            shared.events().add(AnswerLog.runAgain(function, request, exchange(), problem, failure));
        } else if (!ours) {
            AnswerLog.failed(function, request, exchange(), problem, failure);
        }
        if (again) {
            forget();
            listener.runAgain();
        } else {
            fail(problem);
        }
    }

    private void failAfterAnswer(ExchangeFailure failure, Problem problem, boolean ours) {
        boolean after = state.scriptGoesOn() && !ours;
        state = state.script(false);
        if (after) {
            warn("Script failed after its answer", problem.name() + ", " + failure.detail());
        }
        if (state instanceof AnswerState.Over && listener.releaseBody() && after) {
            writer.giveUpBody(); // the rest is not read
        }
    }

    /**
     * The client hung up while the exchange runs, or before it had the whole answer.
     *
     * @param half whether a part of the request's body is missing
     */
    void onClientGone(OnAbort rule, boolean half) {
        if (state instanceof AnswerState.Over) {
            return;
        }
        if (state instanceof AnswerState.Complete) {
            writer.release(); // only the client had not taken everything
            finish(FunctionMeters.CLIENT_CLOSED, state.scriptGoesOn());
            return;
        }
        boolean headTaken = state instanceof AnswerState.Passing;
        boolean waitedFor = tap.isWaitedFor();
        state = state.loseClient();
        if (!waitedFor && rule == OnAbort.END) {
            exchange().abort();
        } else if (!waitedFor && (half || headTaken && rule != OnAbort.FINISH)) {
            writer.release();
            exchange().abandon();
            finish(FunctionMeters.CLIENT_CLOSED, false);
        } else if (waitedFor || headTaken) {
            writer.release();
            flow.close();
            exchange().goOn(); // it may have been held back for this client
        } // otherwise the script may be changing data, so it runs to its end, and its answer is dropped
    }

    /** No more of the request's body will arrive. PHP must not wait for the missing part, even if the answer is complete. */
    void bodyEnded(boolean half) {
        if (state.scriptGoesOn() && half) {
            exchange().bodyBrokeOff();
        }
    }

    /** Drops the exchange, if one was begun, and ends with a problem. */
    void abandon(Problem problem) {
        if (!(state instanceof AnswerState.Over)) {
            if (exchange != null) {
                exchange.abandon();
            }
            fail(problem);
        }
    }

    private void fail(Problem problem) {
        state = state.over(state.scriptGoesOn());
        timeline.lastByte(shared.clock().getAsLong());
        flow.close();
        tap.end(false);
        listener.answerFailed(problem);
    }

    private void finish(int status, boolean scriptGoesOn) {
        if (!(state instanceof AnswerState.Over)) {
            state = state.over(scriptGoesOn);
            flow.close();
            listener.answerEnded(status, scriptGoesOn);
        }
    }

    private void warn(String kind, @Nullable Object detail) {
        AnswerLog.warn(kind, function, request, detail);
    }
}
