package dev.relais.gateway;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.functions.OnAbort;
import io.netty.buffer.ByteBuf;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import org.jboss.logging.Logger;

/**
 * Passes what an exchange brings on to the client as it comes, through a {@link Backlog} while the client is slow, and tells the
 * invocation once how it ended. Confined to the request's event loop.
 */
final class AnswerRelay implements ExchangeListener {
    private static final Logger LOG = Logger.getLogger(AnswerRelay.class);

    private final Invocation invocation;
    private final Gateway gateway;
    private final Edge edge;
    private final HttpServerRequest request;
    private final ResponseWriter writer;
    private Exchange exchange; // null: none was begun
    private boolean headTaken;
    private boolean clientGone;
    private Backlog backlog; // null: the client was never slow
    private boolean slow; // the client takes no more, or there is a backlog
    private boolean paused; // PHP waits for the client
    private boolean complete; // PHP has no more to say, the client may not have it all
    private boolean goesOn; // the answer is complete, the script is not over
    private boolean over; // the invocation was told, or told us

    AnswerRelay(Invocation invocation, Gateway gateway, Edge edge, HttpServerRequest request, ResponseWriter writer) {
        this.invocation = invocation;
        this.gateway = gateway;
        this.edge = edge;
        this.request = request;
        this.writer = writer;
    }

    /** Whose events come next. */
    void begin(Exchange begun) {
        exchange = begun;
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
        String field = SendfileFolders.field(head);
        if (field != null) {
            over = true; // what else this exchange brings is nobody's
            invocation.sendFile(field, head);
            return;
        }
        String date = edge.date().at(System.currentTimeMillis());
        if (!writer.head(head, date, gateway.isDraining())) {
            LOG.warnf("%s: its Content-Length is no number", invocation.name());
            exchange.abandon();
            fail(Problem.INVALID_ANSWER);
        }
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        if (over || clientGone || complete) {
            return;
        }
        if (slow) {
            backlog.add(in, writer.wanted(length));
        } else {
            writer.body(in, length);
        }
    }

    @Override
    public void onReadComplete() {
        if (over || clientGone || complete || !headTaken) {
            return;
        }
        if (!slow && !writer.flush()) {
            slow = true;
            if (backlog == null) {
                BacklogLimits limits = gateway.backlogLimits();
                backlog = new Backlog(gateway.spool(), edge.loop(), limits.memory(), this::onBacklogChanged);
                request.response().drainHandler(drained -> onDrained());
            }
        }
        if (slow && !paused) {
            backlog.limit(limit());
            paused = backlog.isFull();
            if (paused) {
                exchange.pauseReading();
            }
        }
    }

    /** What does not fit is not worth a file: its child is busy to the end all the same. */
    private long limit() {
        BacklogLimits limits = gateway.backlogLimits();
        if (!writer.isBuffered()) {
            return 0;
        }
        return writer.missing() > limits.total() ? Math.min(limits.memory(), limits.total()) : limits.total();
    }

    private void onBacklogChanged(Throwable failure) {
        if (over || clientGone) {
            return;
        }
        if (failure == null) {
            onDrained();
        } else {
            LOG.errorf("%s: its answer is lost in the spool: %s", invocation.name(), failure);
            abandon(Problem.INTERNAL);
        }
    }

    /** The client takes more, or there is more to take. */
    private void onDrained() {
        if (over || clientGone || !slow) {
            return;
        }
        ByteBuf next;
        while (!writer.isFull() && (next = backlog.take()) != null) {
            writer.write(next);
        }
        if (backlog.isEmpty() && complete) {
            endSlowly();
            return;
        }
        slow = writer.isFull() || !backlog.isEmpty();
        if (paused && backlog.isLow()) {
            paused = false;
            exchange.resumeReading();
        }
    }

    @Override
    public void onStderr(String message) {
        PhpLog.log(invocation.name(), message);
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
        if (!slow) {
            int status = request.response().getStatusCode();
            endWith(null);
            finish(status);
        } else if (backlog.isEmpty()) {
            endSlowly();
        }
    }

    /** The invocation is not over before the client has the last byte: a stop waits for it. */
    private void endSlowly() {
        slow = false;
        int status = request.response().getStatusCode();
        endWith(written -> finish(status));
    }

    private void endWith(Handler<AsyncResult<Void>> onWritten) {
        if (!writer.end(onWritten)) {
            LOG.warnf("%s: ended before its announced Content-Length", invocation.name());
            finish(request.response().getStatusCode());
        }
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
        Problem problem = Failures.problemOf(failure);
        if (over || complete) {
            if (goesOn) {
                LOG.warnf("%s: %s after its answer (%s)", invocation.name(), problem.name(), failure.detail());
            }
            goesOn = false;
            if (over) {
                invocation.releaseBody();
            }
            return;
        }
        if (!(failure instanceof ExchangeFailure.Aborted)) {
            LOG.warnf("%s: %s (%s)", invocation.name(), problem.name(), failure.detail());
        }
        if (clientGone) {
            finish(Invocation.CLIENT_CLOSED);
        } else if (writer.isHeadWritten() || !invocation.retry(failure)) {
            fail(problem);
        }
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
                exchange.resumeReading(); // it may have been held back for this client
            } else {
                exchange.abandon();
                finish(Invocation.CLIENT_CLOSED);
            }
        }
        // Else it may be changing something: it runs to its end, its answer is dropped.
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
        closeBacklog();
        invocation.refuse(problem);
    }

    private void finish(int status) {
        if (over) {
            return;
        }
        over = true;
        closeBacklog();
        if (goesOn) {
            invocation.answered(status);
        } else {
            invocation.done(status);
        }
    }

    private void closeBacklog() {
        if (backlog != null) {
            backlog.close();
        }
    }
}
