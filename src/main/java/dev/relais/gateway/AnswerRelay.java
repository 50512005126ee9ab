package dev.relais.gateway;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.functions.OnAbort;
import io.netty.buffer.ByteBuf;
import io.vertx.core.http.HttpServerRequest;
import org.jboss.logging.Logger;

/**
 * Passes what an exchange brings on to the client as it comes, holds PHP back while the client is slow, and tells the invocation
 * once how it ended. Confined to the request's event loop.
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
        if (!over && !clientGone) {
            writer.body(in, length);
        }
    }

    @Override
    public void onReadComplete() {
        if (over || clientGone || !headTaken) {
            return;
        }
        if (!writer.flush()) {
            exchange.pauseReading();
            request.response().drainHandler(drained -> exchange.resumeReading());
        }
    }

    @Override
    public void onStderr(String message) {
        PhpLog.log(invocation.name(), message);
    }

    @Override
    public void onFinished() {
        goesOn = true;
        if (over) {
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
        if (over) {
            invocation.releaseBody();
            return;
        }
        if (clientGone) {
            finish(Invocation.CLIENT_CLOSED);
        } else if (!writer.isScriptMissing() || !invocation.lookUpAgain()) {
            end();
        }
    }

    /** The answer is whole: ends it. */
    void end() {
        int status = request.response().getStatusCode();
        if (!writer.end()) {
            LOG.warnf("%s: ended before its announced Content-Length", invocation.name());
        }
        finish(status);
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
        Problem problem = Failures.problemOf(failure);
        if (over) {
            if (goesOn) {
                LOG.warnf("%s: %s after its answer (%s)", invocation.name(), problem.name(), failure.detail());
            }
            invocation.releaseBody();
            return;
        }
        if (!(failure instanceof ExchangeFailure.Aborted)) {
            LOG.warnf("%s: %s (%s)", invocation.name(), problem.name(), failure.detail());
        }
        if (clientGone) {
            finish(Invocation.CLIENT_CLOSED);
        } else {
            fail(problem);
        }
    }

    /** The client hung up while the exchange runs. */
    void onClientGone(OnAbort rule) {
        clientGone = true;
        if (over) {
            return;
        }
        if (rule == OnAbort.END) {
            exchange.abort();
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

    private void fail(Problem problem) {
        over = true;
        invocation.refuse(problem);
    }

    private void finish(int status) {
        over = true;
        if (goesOn) {
            invocation.answered(status);
        } else {
            invocation.done(status);
        }
    }
}
