package dev.relais.gateway;

import dev.relais.LimitedLog;
import dev.relais.dispatch.Exchange;
import dev.relais.events.RequestEvent;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.functions.OnAbort;
import dev.relais.http.AnswerHead;
import dev.relais.http.Edge;
import dev.relais.http.Problem;
import dev.relais.http.RequestOrigin;
import dev.relais.http.ResponseWriter;
import dev.relais.telemetry.AnswerMeters;
import dev.relais.telemetry.Timeline;
import io.netty.buffer.ByteBuf;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/**
 * Passes what an exchange brings on to the client as it comes, by an {@link AnswerFlow}, and tells the invocation once how it ended. The
 * answer may be whole before the exchange is over: at the script's word, or when its announced length has come. Confined to the
 * request's event loop.
 */
final class AnswerRelay implements ExchangeListener, AnswerFlow.Listener {
    private static final LimitedLog LOG = new LimitedLog(AnswerRelay.class);

    private final Invocation invocation;
    private final Gateway gateway;
    private final HttpServerRequest request;
    private final ResponseWriter writer;
    private final Timeline timeline;
    private final AnswerFlow flow;
    private Exchange exchange; // null: none was begun
    private boolean headTaken;
    private boolean clientGone;
    private boolean complete; // PHP has no more to say, the client may not have it all
    private boolean goesOn; // the answer is complete, the script is not over
    private boolean over; // the invocation was told, or told us

    AnswerRelay(
            Invocation invocation,
            Gateway gateway,
            Edge edge,
            HttpServerRequest request,
            ResponseWriter writer,
            Timeline timeline) {
        this.invocation = invocation;
        this.gateway = gateway;
        this.request = request;
        this.writer = writer;
        this.timeline = timeline;
        this.flow = new AnswerFlow(gateway, edge, request, writer, this, invocation.callbacks());
    }

    /**
     * Whose events come next.
     *
     * @param clientWaitMillis how long the client may hold PHP back
     */
    void begin(Exchange begun, long clientWaitMillis) {
        exchange = begun;
        flow.begin(begun, clientWaitMillis);
    }

    /** Forgets an answer of which nothing is written, since another exchange is to bring a better one. */
    void forget() {
        headTaken = false;
        writer.reset();
    }

    @Override
    public void onHead(ResponseHead head) {
        if (over || clientGone) {
            return;
        }
        headTaken = true;
        timeline.firstByte(System.nanoTime());
        if (head.oddity() != null) {
            warn("Left out of an answer's head", head.oddity());
        }
        AnswerHead answer = AnswerHead.of(head);
        if (answer.delivery().isByFile()) {
            over = true; // what else this exchange brings is nobody's
            invocation.sendFile(answer);
            return;
        }
        if (answer.lengthIsWrong()) {
            warn("A wrong Content-Length counts as none", null);
        }
        writer.head(answer, gateway.isDraining());
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        if (!over && !clientGone && !complete) {
            flow.body(in, length);
        }
    }

    @Override
    public void onReadComplete() {
        if (over || clientGone || complete || !headTaken) {
            return;
        }
        if (writer.isWhole()) {
            // The client would wait for nothing (RFC 9112 section 6.3), and behind a proxy another one with it.
            goesOn = true;
            exchange.answerIsWhole();
            end();
        } else {
            flow.readComplete();
        }
    }

    @Override
    public void onStderr(String message) {
        PhpLog.log(name(), request, message);
    }

    @Override
    public void onFinished() {
        goesOn = true;
        if (over || complete) {
            return;
        }
        if (clientGone) {
            finish(Invocation.CLIENT_CLOSED);
        } else {
            end();
        }
    }

    @Override
    public void onEnd(int appStatus) {
        goesOn = false;
        if (over) {
            invocation.releaseBody();
        } else if (clientGone) {
            finish(Invocation.CLIENT_CLOSED);
        } else if (!complete && (!writer.isScriptMissing() || !invocation.lookUpAgain())) {
            end();
        }
    }

    /** The answer is whole: ends it, once the client has taken what is before. */
    void end() {
        complete = true;
        if (writer.isCorrectable()) {
            warn("An answer is shorter than its Content-Length", null);
        }
        if (flow.end()) {
            if (flow.wasSlow()) {
                clientHasCaughtUp();
            } else {
                int status = status();
                endWith(null);
                finish(status);
            }
        }
    }

    /** The invocation is not over before the client has the last byte: a stop waits for it. */
    @Override
    public void clientHasCaughtUp() {
        int status = status();
        endWith(invocation
                .callbacks()
                .handler(written -> finish(written.succeeded() ? status : Invocation.CLIENT_CLOSED)));
    }

    private void endWith(Handler<AsyncResult<Void>> onWritten) {
        if (!writer.end(onWritten)) {
            warn("An answer ended before its Content-Length", null);
            finish(status());
        }
    }

    @Override
    public void clientIsTooSlow() {
        gateway.answerMeters().brokenOff(AnswerMeters.Reason.CLIENT_WAIT);
        flow.close();
        writer.breakOff();
        invocation.onClientGone();
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
        if (over || complete) {
            boolean after = goesOn && !ours;
            goesOn = false;
            if (after) {
                warn("Script failed after its answer", problem.name() + ", " + failure.detail());
            }
            if (over && invocation.releaseBody() && after) {
                writer.giveUpBody(); // nobody reads the rest
            }
            return;
        }
        boolean again = !clientGone && !writer.isHeadWritten() && invocation.mayRetry(failure);
        if (!ours) {
            tell(again, problem, failure);
        }
        if (again) {
            forget();
            invocation.runAgain();
        } else if (clientGone) {
            finish(Invocation.CLIENT_CLOSED);
        } else {
            fail(problem);
        }
    }

    /** With all that is needed to find what became of the process: its master's line and the kernel's have the same number. */
    private void tell(boolean again, Problem problem, ExchangeFailure failure) {
        boolean started = failure instanceof ExchangeFailure.ConnectionLost lost && lost.started();
        if (again) {
            gateway.events()
                    .add(new RequestEvent.RunAgain(
                            name(),
                            request.method().name(),
                            request.uri(),
                            request.getHeader("X-Request-Id"),
                            exchange.workerId(),
                            exchange.childPid(),
                            started,
                            problem.name(),
                            failure.detail()));
            return;
        }
        String lost = failure instanceof ExchangeFailure.ConnectionLost ? " started=" + started : "";
        String kind = "Request failed";
        LOG.warn(
                kind,
                name(),
                "%s: %s %s%s problem=%s detail=\"%s\"",
                kind,
                RequestOrigin.of(name(), request),
                exchange.place(),
                lost,
                problem.name(),
                failure.detail());
    }

    /**
     * The client hung up while the exchange runs, or takes the last of its answer.
     *
     * @param half whether a part of the request's body is missing
     */
    void onClientGone(OnAbort rule, boolean half) {
        clientGone = true;
        if (over) {
            return;
        }
        if (complete) {
            writer.release(); // only the client was still to take something
            finish(Invocation.CLIENT_CLOSED);
        } else if (rule == OnAbort.END) {
            exchange.abort();
        } else if (half) {
            writer.release();
            exchange.abandon();
            finish(Invocation.CLIENT_CLOSED);
        } else if (headTaken) {
            writer.release();
            if (rule == OnAbort.FINISH) {
                flow.close();
                exchange.goOn(); // it may have been held back for this client
            } else {
                exchange.abandon();
                finish(Invocation.CLIENT_CLOSED);
            }
        }
        // Else it may be changing something: it runs to its end, its answer is dropped.
    }

    /** No more of the request's body will come, though the answer may be complete: PHP must not wait for what is missing of it. */
    void bodyEnded(boolean half) {
        if (goesOn && half) {
            exchange.bodyBrokeOff();
        }
    }

    /** Drops the exchange, and ends with a problem. */
    void abandon(Problem problem) {
        if (!over) {
            exchange.abandon();
            fail(problem);
        }
    }

    private void fail(Problem problem) {
        over = true;
        flow.close();
        invocation.refuse(problem);
    }

    private void finish(int status) {
        if (over) {
            return;
        }
        over = true;
        flow.close();
        if (goesOn) {
            invocation.answered(status);
        } else {
            invocation.done(status);
        }
    }

    private String name() {
        return invocation.name();
    }

    private int status() {
        return writer.status();
    }

    /** @param kind fixed words @param detail null when they say it all */
    private void warn(String kind, Object detail) {
        String origin = RequestOrigin.of(name(), request);
        if (detail == null) {
            LOG.warn(kind, name(), "%s: %s", kind, origin);
        } else {
            LOG.warn(kind, name(), "%s: %s detail=%s", kind, origin, detail);
        }
    }
}
