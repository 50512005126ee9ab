package dev.relais.gateway;

import dev.relais.admission.CircuitBreaker;
import dev.relais.admission.Refusal;
import dev.relais.admission.Waiter;
import dev.relais.dispatch.Exchange;
import dev.relais.dispatch.LoopHop;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.Params;
import dev.relais.fastcgi.Stdin;
import dev.relais.files.FileDelivery;
import dev.relais.functions.Application;
import dev.relais.functions.PhpFunction;
import dev.relais.http.AnswerHead;
import dev.relais.http.Callbacks;
import dev.relais.http.ConnectionEnd;
import dev.relais.http.Edge;
import dev.relais.http.Framing;
import dev.relais.http.MemoryBudget;
import dev.relais.http.Problem;
import dev.relais.http.RequestTarget;
import dev.relais.http.ResponseWriter;
import dev.relais.slot.Slot;
import io.netty.buffer.ByteBuf;
import io.vertx.core.http.HttpServerRequest;

/**
 * One request's life, from its head to its last response byte: find the function, gather the body, get a child, start the
 * exchange. What the exchange brings is {@link AnswerRelay}'s.
 *
 * <p>Confined to the request's event loop; {@link #run} alone may be called from another. It ends in {@link #answered}, once.
 */
final class Invocation extends Waiter implements RequestBody.Listener, FileDelivery.Listener {
    /** What nginx logs for a client that closed before its answer; for meters only. */
    static final int CLIENT_CLOSED = 499;

    private final Gateway gateway;
    private final Edge edge;
    private final HttpServerRequest request;
    private final Callbacks callbacks;
    private final ResponseWriter writer;
    private final AnswerRelay relay;
    private final InFlight inFlight;
    private final long startNanos;
    private final Attempts attempts;

    private RequestTarget target;
    private PhpFunction function;
    private String pathInfo;
    private FunctionState state;
    private CircuitBreaker breaker; // of the script that is to run
    private RequestBody body; // null: the request has none
    private QueueWait wait; // null: it found a child at once
    private boolean running; // an exchange was started; what becomes of it is the relay's
    private boolean clientGone;
    private boolean done;

    Invocation(Gateway gateway, Edge edge, HttpServerRequest request, long startNanos) {
        this.gateway = gateway;
        this.edge = edge;
        this.request = request;
        this.callbacks = new Callbacks(gateway.meters()::faulted, this::endByFault, request.connection()::close);
        MemoryBudget answers = gateway.memory().answers();
        this.writer = new ResponseWriter(request, edge, gateway.heads(), answers);
        this.inFlight = new InFlight(edge, request, gateway, startNanos, callbacks.task(this::onClientGone));
        this.relay = new AnswerRelay(this, gateway, edge, request, writer, inFlight.timeline());
        this.startNanos = startNanos;
        this.attempts = new Attempts(startNanos);
    }

    /** @param routable false when the router has found no way for it: the target has no path, or there is no host */
    void begin(boolean routable) {
        inFlight.begin();
        callbacks.run(() -> look(routable));
    }

    private void look(boolean routable) {
        Arrival arrival = Arrival.of(request, gateway, routable, inFlight);
        target = arrival.target();
        if (arrival.found() != null) {
            take(arrival.found());
        }
        if (arrival.problem() != null) {
            finishWith(arrival.problem(), arrival.field(), arrival.value());
        } else if (function.application() == null) {
            runScript(null);
        } else {
            files().find(function.application(), pathInfo, target);
        }
    }

    /** Takes the body, and runs the function's own script, or if not null this one of its application. */
    @Override
    public void runScript(Application.Place script) {
        if (script != null) {
            function = function.withScript(script);
            pathInfo = script.pathInfo();
        }
        breaker = state.breaker(function);
        if (breaker.refuses()) {
            refuseFor(breaker.retryAfterSeconds(), Problem.POISONED);
        } else if (Framing.isPresent(request)) {
            body = RequestBody.of(request, function.settings().streamsBody(), callbacks, gateway, edge, this);
            body.begin();
        } else {
            submit(startNanos);
        }
    }

    /** The function has a file sent in place of its body. Its child is of no more interest. */
    void sendFile(AnswerHead head) {
        running = false;
        files().sendFor(head);
    }

    private FileDelivery files() {
        return new FileDelivery(gateway.files(), edge, request, writer, name(), callbacks, this);
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public void bodyReady() {
        submit(inFlight.timeline().body(System.nanoTime()));
    }

    @Override
    public void bodyBrokeOff() {
        relay.bodyEnded(true);
    }

    @Override
    public void bodyRefused(Problem problem) {
        if (done) {
            relay.bodyEnded(true);
            writer.giveUpBody();
        } else if (running) {
            relay.abandon(problem);
        } else {
            finishWith(problem, problem == Problem.SPOOL_FULL ? "Retry-After" : null, "1");
        }
    }

    private void submit(long nowNanos) {
        running = false;
        if (clientGone) {
            done(CLIENT_CLOSED);
            return;
        }
        gate(breaker.gate(state.gate()));
        Refusal refusal = gateway.dispatch().submit(this, edge.index(), nowNanos);
        if (refusal != null) {
            overloaded(refusal);
        }
    }

    /** The event loop it stays on. */
    int loopIndex() {
        return edge.index();
    }

    /** No child was free, or others wait already: how long it can wait for one. */
    long patienceNanos() {
        if (wait == null) {
            wait = new QueueWait(this, edge.loop(), gateway, request, startNanos);
        }
        return wait.patienceNanos();
    }

    /** It is in the waiting room now. */
    void waits() {
        wait.begin(inFlight.timeline());
    }

    /** Gives up, or does not get in. */
    void overloaded(Refusal reason) {
        Problem problem = reason == Refusal.FUNCTION_LIMIT ? Problem.FUNCTION_LIMIT : Problem.OVERLOADED;
        refuseFor(gateway.dispatch().room().retryAfterSeconds(gate()), problem);
    }

    private void refuseFor(int seconds, Problem problem) {
        finishWith(attempts.refusal(problem), "Retry-After", Integer.toString(seconds));
    }

    /** Runs on this child, whose slot is now this invocation's, as is a place behind its function's gate. Any event loop. */
    void run(Slot claimed) {
        LoopHop.run(edge.loop(), callbacks.task(() -> start(claimed)));
    }

    private void start(Slot claimed) {
        if (wait != null) {
            wait.served();
        }
        boolean other = breaker.narrows(gate()); // it has become suspicious while this one waited
        long entry = done || other ? CircuitBreaker.REFUSED : breaker.enter();
        Run run = new Run(gateway.dispatch(), gate(), state, breaker, entry);
        if (entry == CircuitBreaker.REFUSED) {
            giveBack(claimed, run);
            if (!done && other) {
                submit(System.nanoTime());
            } else if (!done) {
                refuseFor(breaker.retryAfterSeconds(), Problem.POISONED);
            }
            return;
        }
        Exchange exchange = new Exchange(claimed, edge.loop(), relay, callbacks);
        ByteBuf encoded;
        Stdin stdin;
        try {
            encoded = gateway.variables().encode(edge.params(), request, target, function, state, pathInfo, body);
            stdin = body == null || body.size() == 0 ? null : body.stdin(exchange);
        } catch (RuntimeException | Error e) {
            giveBack(claimed, run);
            if (!(e instanceof Params.PairTooLarge)) {
                throw e;
            }
            refuse(Problem.HEADER_TOO_LARGE);
            return;
        }
        running = true;
        inFlight.timeline().claimed(claimed.worker().id(), claimed.pid(), System.nanoTime());
        long limit = attempts.beginExchange(function.settings());
        relay.begin(exchange, gateway.clientWaitMillis(function.settings()));
        exchange.start(encoded, stdin, limit, state.usualLatency(), run, callbacks.task(() -> {
            run.unused(); // the child went away before anything was sent, so another one may have the request
            submit(System.nanoTime());
        }));
    }

    private void giveBack(Slot unused, Run run) {
        run.unused();
        gateway.dispatch().giveBack(unused);
    }

    /** The function's name, for the log. */
    String name() {
        return function.name();
    }

    /** See {@link ScriptRefresh}. @return false when this was done before, or a part of the body is gone: the answer stands */
    boolean lookUpAgain() {
        boolean again = attempts.lookUpAgain(body);
        if (again) {
            new ScriptRefresh(this, relay, gateway, edge).begin(function, target);
        }
        return again;
    }

    /** Forgets that answer, of which nothing is written, and runs this script. */
    void runInstead(Route found) {
        take(found);
        breaker = state.breaker(function);
        relay.forget();
        submit(System.nanoTime());
    }

    /** Nothing of an answer is written yet: whether {@link #runAgain} is to follow. True once at most. */
    boolean mayRetry(ExchangeFailure failure) {
        return attempts.retry(failure, function.settings(), request, body);
    }

    /** Runs another exchange in place of the one that failed. */
    void runAgain() {
        state.meters().retried();
        submit(System.nanoTime());
    }

    private void take(Route found) {
        function = found.function();
        pathInfo = found.pathInfo();
        state = gateway.state(function);
        gate(state.gate());
        inFlight.timeline().function(state.meters());
    }

    /** The client hung up, or does not take its answer, which was broken off; or its stream has closed, as with the answer's end. */
    void onClientGone() {
        if (done || clientGone || inFlight.isStreamAtEnd()) {
            relay.bodyEnded(RequestBody.isHalf(body)); // that the answer is complete does not say that the body is
            return;
        }
        clientGone = true;
        if (running) {
            relay.onClientGone(function.settings().onAbort(), RequestBody.isHalf(body));
            return;
        }
        giveUp();
        done(CLIENT_CLOSED);
    }

    /** What calls back into this invocation, or one of its parts, goes through here. */
    Callbacks callbacks() {
        return callbacks;
    }

    /** A callback has thrown, so that nothing more would come of it. */
    private void endByFault() {
        if (running && !done) {
            relay.abandon(Problem.INTERNAL);
        } else if (!done) {
            giveUp();
            refuse(Problem.INTERNAL);
        }
        if (!clientGone && !request.response().ended()) {
            writer.breakOff();
        }
        done(Problem.INTERNAL.status());
    }

    /** Leaves the body and the waiting room. */
    private void giveUp() {
        if (body != null) {
            body.discard();
        }
        gateway.dispatch().leave(this, false);
    }

    void refuse(Problem problem) {
        finishWith(problem, null, null);
    }

    /** Ends with a problem, and this extra field, if it is not null. */
    @Override
    public void finishWith(Problem problem, String name, String value) {
        if (writer.isHeadWritten()) {
            writer.breakOff();
        } else if (!clientGone) {
            writer.problem(problem, mustClose(), name, value);
        }
        done(problem.status());
    }

    /** Whether the connection has to end with this answer. */
    @Override
    public boolean mustClose() {
        return ConnectionEnd.isNeeded(request, target == null, gateway.isDraining());
    }

    /** Ends it, once. @param status for meters */
    @Override
    public void done(int status) {
        answered(status);
        releaseBody();
    }

    @Override
    public void doneWithoutClient() {
        done(CLIENT_CLOSED);
    }

    /** Idempotent. @return whether a part of it had not come */
    boolean releaseBody() {
        return RequestBody.release(body);
    }

    /** As {@link #done}, but for the body, which a script that goes on may still read. */
    void answered(int status) {
        if (done) {
            return;
        }
        done = true;
        if (wait != null) {
            wait.end();
        }
        if (body != null) {
            body.answered();
        }
        inFlight.end(status);
    }
}
