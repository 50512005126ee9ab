package dev.relais.gateway;

import dev.relais.admission.Waiter;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.Params;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.fastcgi.Stdin;
import dev.relais.functions.PhpFunction;
import dev.relais.worker.Child;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One request's life, from its head to its last response byte: find the function, gather the body, get a child, run the
 * exchange, write the answer.
 *
 * <p>Confined to the request's event loop; {@link #run} alone may be called from another. It ends in {@link #done}, once.
 */
final class Invocation extends Waiter implements ExchangeListener, RequestBody.Listener {
    private static final Logger LOG = Logger.getLogger(Invocation.class);
    /** What nginx logs for a client that closed before its answer; for meters only. */
    private static final int CLIENT_CLOSED = 499;

    private final Gateway gateway;
    private final Edge edge;
    private final HttpServerRequest request;
    private final ResponseWriter writer;
    private final ConnectionClock connection; // null in dev and test mode
    private final long startNanos;

    private RequestTarget target;
    private PhpFunction function;
    private FunctionState state;
    private RequestBody body; // null: the request has none
    private ScheduledFuture<?> waitTimer;
    private long waitStartNanos; // 0: did not wait
    private Child child; // null: not running
    private ExchangeListener exchange; // what the child knows this invocation by
    private boolean clientGone;
    private boolean headTaken;
    private boolean relookedUp;
    private boolean done;

    Invocation(Gateway gateway, Edge edge, HttpServerRequest request, long startNanos) {
        this.gateway = gateway;
        this.edge = edge;
        this.request = request;
        this.writer = new ResponseWriter(request, edge.loop());
        this.connection = ConnectionClock.of(request);
        this.startNanos = startNanos;
    }

    void begin() {
        edge.invocationStarted();
        if (connection != null) {
            connection.begin();
        }
        request.response().closeHandler(closed -> onClientGone());
        if (!RequestHead.isSound(request)) {
            refuse(Problem.MALFORMED_REQUEST);
            return;
        }
        target = RequestTarget.parse(request.uri());
        if (target == null) {
            refuse(Problem.MALFORMED_TARGET);
            return;
        }
        function = lookUp();
        if (function == null) {
            refuse(Problem.FUNCTION_NOT_FOUND);
            return;
        }
        if (!function.settings().allows(request.method().name())) {
            finishWith(Problem.METHOD_NOT_ALLOWED, "Allow", function.settings().allow());
            return;
        }
        state = gateway.state(function);
        if (RequestBody.isPresent(request)) {
            body = new RequestBody(request, gateway, edge, this);
            body.gather();
        } else {
            submit(startNanos);
        }
    }

    /** Null when there is none, also for a target outside the prefix or a name that reaches beyond an encoded slash. */
    private PhpFunction lookUp() {
        String path = target.path();
        if (!path.startsWith(ApiRoute.PREFIX)) {
            return null;
        }
        PhpFunction found = gateway.functions().current().find(path, ApiRoute.PREFIX.length());
        boolean overSlash =
                found != null && ApiRoute.PREFIX.length() + found.name().length() > target.encodedSlash();
        return overSlash ? null : found;
    }

    @Override
    public void bodyComplete() {
        submit(System.nanoTime());
    }

    @Override
    public void bodyRefused(Problem problem) {
        refuse(problem);
    }

    private void submit(long nowNanos) {
        child = null;
        if (clientGone) {
            done(CLIENT_CLOSED);
        } else if (!gateway.dispatch().submit(this, edge.index(), nowNanos)) {
            overloaded();
        }
    }

    /** No child was free: it is in the waiting room now. */
    void waits() {
        if (waitStartNanos == 0) {
            waitStartNanos = System.nanoTime();
        }
        waitTimer = edge.loop().schedule(this::onWaitOver, gateway.dispatch().maxWaitMillis(), TimeUnit.MILLISECONDS);
    }

    private void onWaitOver() {
        if (gateway.dispatch().leave(this, true)) {
            overloaded();
        }
    }

    private void overloaded() {
        finishWith(Problem.OVERLOADED, "Retry-After", "1");
    }

    /** Runs on this child, whose slot is now this invocation's. Any event loop. */
    void run(Child claimed) {
        if (edge.loop().inEventLoop()) {
            start(claimed);
        } else {
            edge.loop().execute(() -> start(claimed));
        }
    }

    private void start(Child claimed) {
        if (waitTimer != null) {
            waitTimer.cancel(false);
            waitTimer = null;
            gateway.meters().waited(System.nanoTime() - waitStartNanos);
        }
        if (done) {
            gateway.dispatch().giveBack(claimed);
            return;
        }
        ByteBuf encoded;
        try {
            encoded = encode();
        } catch (Params.PairTooLarge e) {
            gateway.dispatch().giveBack(claimed);
            refuse(Problem.HEADER_TOO_LARGE);
            return;
        }
        child = claimed;
        Stdin stdin = body == null || body.size() == 0 ? null : body.stdin();
        if (claimed.loop() == edge.loop()) {
            exchange = this;
            startExchange(encoded, stdin);
        } else {
            exchange = new LoopHop(edge.loop(), this);
            claimed.loop().execute(() -> startExchange(encoded, stdin));
        }
    }

    /** On the child's loop. */
    private void startExchange(ByteBuf encoded, Stdin stdin) {
        long limit = function.settings().timeoutMillis();
        if (!child.exchange(encoded, stdin, limit, state.usualLatency(), exchange)) {
            // The child went away between claim and start; nothing was sent, so another one may have it.
            if (edge.loop().inEventLoop()) {
                submit(System.nanoTime());
            } else {
                edge.loop().execute(() -> submit(System.nanoTime()));
            }
        }
    }

    private ByteBuf encode() {
        Params params = edge.params();
        params.begin();
        gateway.variables().write(params, request, target, function, state, body == null ? -1 : body.size());
        return params.finish(ByteBufAllocator.DEFAULT, body == null || body.size() == 0);
    }

    @Override
    public void onHead(ResponseHead head) {
        if (clientGone) {
            return;
        }
        headTaken = true;
        String date = edge.date().at(System.currentTimeMillis());
        if (!writer.head(head, date, gateway.isDraining())) {
            LOG.warnf("%s: its Content-Length is no number", function.name());
            LoopHop.run(child.loop(), () -> child.abandon(exchange));
            refuse(Problem.INVALID_ANSWER);
        }
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        if (!done && !clientGone) {
            writer.body(in, length);
        }
    }

    @Override
    public void onReadComplete() {
        if (done || clientGone || !headTaken) {
            return;
        }
        if (!writer.flush()) {
            LoopHop.run(child.loop(), () -> child.pauseReading(exchange));
            request.response().drainHandler(drained -> LoopHop.run(child.loop(), () -> child.resumeReading(exchange)));
        }
    }

    @Override
    public void onStderr(String message) {
        PhpLog.log(function.name(), message);
    }

    @Override
    public void onEnd(int appStatus) {
        if (done) {
            return;
        }
        if (clientGone) {
            done(CLIENT_CLOSED);
        } else if (!relookedUp && writer.isScriptMissing()) {
            lookUpAgain();
        } else {
            int status = request.response().getStatusCode();
            if (!writer.end()) {
                LOG.warnf("%s: ended before its announced Content-Length", function.name());
            }
            done(status);
        }
    }

    /**
     * The script was replaced or removed since the last scan, and provably did not start (a Kubernetes ConfigMap removes the old
     * directory at once): look at the directory, and run the new one, if there is one.
     */
    private void lookUpAgain() {
        relookedUp = true;
        gateway.functions().refresh().whenComplete((registry, failure) -> edge.loop()
                .execute(() -> onRefreshed(failure)));
    }

    private void onRefreshed(Throwable failure) {
        if (done) {
            return;
        }
        PhpFunction found = failure == null ? lookUp() : function;
        if (found == null) {
            refuse(Problem.FUNCTION_NOT_FOUND);
        } else if (found.scriptFilename().equals(function.scriptFilename())) {
            onEnd(0); // the script itself said so
        } else {
            function = found;
            headTaken = false;
            writer.reset();
            submit(System.nanoTime());
        }
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
        if (done) {
            return;
        }
        Problem problem = Failures.problemOf(failure);
        LOG.warnf("%s: %s (%s)", function.name(), problem.name(), failure.detail());
        if (clientGone) {
            done(CLIENT_CLOSED);
        } else {
            refuse(problem);
        }
    }

    private void onClientGone() {
        if (done || clientGone) {
            return;
        }
        clientGone = true;
        if (child == null) {
            if (body != null) {
                body.discard();
            }
            gateway.dispatch().leave(this, false);
            done(CLIENT_CLOSED);
        } else if (headTaken) {
            // Whoever listens to an endless stream is gone; PHP ends at its next output, as behind nginx.
            LoopHop.run(child.loop(), () -> child.abandon(exchange));
            done(CLIENT_CLOSED);
        }
        // Else the function may be changing something: it runs to its end, its answer is dropped.
    }

    private void refuse(Problem problem) {
        finishWith(problem, null, null);
    }

    private void finishWith(Problem problem, String name, String value) {
        if (writer.isHeadWritten()) {
            writer.breakOff();
        } else if (!clientGone) {
            // A body that nobody reads would be taken for the next request.
            boolean close = gateway.isDraining()
                    || problem == Problem.MALFORMED_REQUEST
                    || !request.isEnded() && RequestBody.isPresent(request);
            writer.problem(problem, edge.date().at(System.currentTimeMillis()), close, name, value);
        }
        done(problem.status());
    }

    private void done(int status) {
        if (done) {
            return;
        }
        done = true;
        if (waitTimer != null) {
            waitTimer.cancel(false);
        }
        if (body != null) {
            body.release();
        }
        edge.invocationFinished();
        if (connection != null) {
            connection.end();
        }
        gateway.meters().finished(state == null ? null : state.meters(), status, System.nanoTime() - startNanos);
    }
}
