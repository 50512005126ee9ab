package dev.relais.gateway;

import dev.relais.body.BodyRefusal;
import dev.relais.body.RequestBody;
import dev.relais.dispatch.Exchange;
import dev.relais.dispatch.Run;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.Params;
import dev.relais.fastcgi.Stdin;
import dev.relais.files.FileDelivery;
import dev.relais.functions.PhpFunction;
import dev.relais.http.AnswerHead;
import dev.relais.http.Callbacks;
import dev.relais.http.ConnectionEnd;
import dev.relais.http.Edge;
import dev.relais.http.Framing;
import dev.relais.http.Problem;
import dev.relais.http.RequestTarget;
import dev.relais.http.ResponseWriter;
import dev.relais.sites.Place;
import dev.relais.slot.Slot;
import dev.relais.telemetry.FunctionMeters;
import dev.relais.telemetry.Timeline;
import io.netty.buffer.ByteBuf;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request, from its head to its last response byte: it finds the function, gathers the body, gets a child and starts the
 * exchange. {@link InvocationState} has the legal moves; its parts do the work. Confined to the request's event loop. It ends once, in {@link #answered}.
 */
final class Invocation
        implements RequestBody.Listener,
                ChildClaim.Listener,
                FileDelivery.Listener,
                AnswerListener,
                ScriptRefresh.Listener,
                ResultStep.Listener {
    private final Gateway gateway;
    private final Edge edge;
    private final HttpServerRequest request;
    private final Callbacks callbacks;
    private final ResponseWriter writer;
    private final AnswerRelay relay;
    private final InFlight inFlight;
    private final Attempts attempts;
    private final ChildClaim claim;
    private RequestTarget target; // null while the head is not read, or not sound
    private PhpFunction function; // by take, as what follows: without a function the invocation ends as it arrives
    private String pathInfo;
    private FunctionState functionState;
    private @Nullable RequestBody body; // null when the request has none
    private ResultPart result = ResultPart.NONE;
    private InvocationState state = InvocationState.HEAD;

    @SuppressWarnings("NullAway.Init") // what take sets
    Invocation(Gateway gateway, Edge edge, HttpServerRequest request, long startNanos) {
        this.gateway = gateway;
        this.edge = edge;
        this.request = request;
        this.callbacks = new Callbacks(gateway.meters()::faulted, this::endByFault, request.connection()::close);
        this.inFlight = new InFlight(edge, request, gateway, startNanos, callbacks.task(this::clientIsGone));
        Timeline timeline = inFlight.timeline();
        this.writer = new ResponseWriter(
                request, edge, gateway.heads(), gateway.memory().answers(), timeline);
        this.relay = new AnswerRelay(this, gateway.answers(), edge.loop(), request, writer, callbacks, timeline);
        this.attempts = new Attempts(gateway.clock(), startNanos);
        this.claim = new ChildClaim(this, edge, request, gateway.meters(), callbacks, gateway.clock(), timeline);
    }

    /** @param routable false when the router has refused it, because the target has no path or there is no host */
    void begin(boolean routable) {
        inFlight.begin();
        callbacks.run(() -> arrive(routable));
    }

    private void arrive(boolean routable) {
        Arrival arrival = Arrival.of(request, gateway, routable, inFlight);
        if (arrival.target() != null) {
            target = arrival.target();
        }
        SiteOfAnswers.untilFound(arrival, gateway.functions().current(), request, writer);
        if (arrival.found() != null) {
            take(arrival.found());
        }
        if (arrival.problem() != null) {
            finishWith(arrival.problem(), arrival.field(), arrival.value());
        } else {
            result = ResultStep.of(gateway, edge, request, target, function, writer, relay, callbacks, this);
            if (!result.answersAtOnce()) {
                state = function.application() == null ? state : state.lookUp();
                findScript();
            }
        }
    }

    private void findScript() {
        if (function.application() == null) {
            takeBodyAndRun();
        } else {
            new FileStep(gateway, edge, request, writer, callbacks, this).find(function, target, pathInfo);
        }
    }

    @Override
    public void runScript(Place script) {
        function = function.withScript(script);
        pathInfo = Objects.requireNonNull(script.pathInfo());
        target = target.withQuery(Objects.requireNonNull(script.query()));
        takeBodyAndRun();
    }

    /** Takes the body, unless it is there already, and runs the function's script. */
    private void takeBodyAndRun() {
        claim.script(functionState, function, inFlight.bytes());
        if (claim.isRefused()) {
            return; // the listener has sent the refusal
        }
        if (body == null && Framing.isPresent(request)) {
            body = gateway.body(request, function.settings(), edge.loop(), callbacks, this);
            state = state.gather();
            body.begin();
        } else {
            submit(inFlight.timeline().headNanos());
        }
    }

    @Override
    public void asksItself() {
        submit(gateway.nowNanos());
    }

    @Override
    public void answerBegins() {
        state = state.answer();
    }

    @Override
    public void answerIsFile(AnswerHead head) {
        state = state.lookUp();
        new FileStep(gateway, edge, request, writer, callbacks, this).sendFor(head, function);
    }

    @Override
    public void answerIsStored() {
        state = state.lookUp();
        result.giveInstead();
    }

    @Override
    public boolean isDone() {
        return state.isDone();
    }

    @Override
    public void bodyReady() {
        functionState = gateway.stateByBody(functionState, function, request, body);
        claim.script(functionState, function, inFlight.bytes());
        submit(inFlight.timeline().body(gateway.nowNanos()));
    }

    @Override
    public void bodyBrokeOff() {
        relay.bodyEnded(true);
    }

    @Override
    public void bodyRefused(BodyRefusal reason) {
        Problem problem = Failures.problemOf(reason);
        if (state.isDone()) {
            relay.bodyEnded(true);
            writer.giveUpBody();
        } else if (state.hasExchange()) {
            relay.abandon(problem);
        } else {
            refuse(problem);
        }
    }

    private void submit(long nowNanos) {
        if (state.isDone()) {
            return;
        }
        if (state.isClientGone()) {
            done(FunctionMeters.CLIENT_CLOSED);
            return;
        }
        if (functionState.isGone()) { // while it waited for the answer to another request
            functionState = gateway.stateByBody(functionState, function, request, null);
            claim.script(functionState, function, inFlight.bytes());
        }
        state = state.await();
        if (!result.waits(function, pathInfo, inFlight.timeline().headNanos())) {
            claim.begin(nowNanos);
        }
    }

    @Override
    public void childIsRefused(Problem problem, int seconds) {
        if (!result.standsIn(true)) {
            finishWith(attempts.refusal(problem), "Retry-After", Integer.toString(seconds));
        }
    }

    @Override
    public void childIsThere(Slot slot, Run run) {
        Exchange exchange = new Exchange(slot, edge.loop(), gateway.watched(relay, request, function), callbacks);
        ByteBuf encoded;
        Stdin stdin;
        try {
            result.beforeAsking();
            inFlight.runs();
            encoded =
                    gateway.variables().encode(edge.params(), request, target, function, functionState, pathInfo, body);
            result.afterEncoding();
            stdin = body == null || body.size() == 0 ? null : body.stdin(exchange::passBody);
        } catch (RuntimeException | Error e) {
            claim.giveBack(slot, run);
            if (!(e instanceof Params.PairTooLarge)) {
                throw e;
            }
            refuse(Problem.HEADER_TOO_LARGE);
            return;
        }
        state = state.run();
        inFlight.timeline().claimed(slot.worker(), slot.pid(), function.scriptName(), gateway.nowNanos());
        long limit = attempts.beginExchange(functionState.timeoutMillis(function));
        relay.begin(exchange, function.name(), gateway.clientWaitMillis(function.settings()));
        exchange.start(encoded, stdin, limit, functionState.usualLatency(), run, callbacks.task(() -> {
            run.unused(); // the child went away before anything was sent, so another child may get the request
            submit(gateway.nowNanos());
        }));
    }

    @Override
    public boolean scriptIsMissing() {
        boolean again = attempts.lookUpAgain(RequestBody.isRepeatable(body));
        if (again) {
            state = state.lookUp();
            String host = CgiEnvironment.host(request, target);
            ScriptRefresh.begin(gateway.functions(), function, target, host, edge.loop(), callbacks, this);
        }
        return again;
    }

    @Override
    public void scriptIsElsewhere(Route found) {
        if (!state.isDone()) {
            target = Objects.requireNonNull(RequestTarget.parse(request.uri())); // without what a fallback has added
            take(found);
            relay.forget();
            findScript();
        }
    }

    @Override
    public void answerStands() {
        if (!state.isDone()) {
            state = state.answer();
            relay.answerStands();
        }
    }

    @Override
    public boolean mayRunAgain(ExchangeFailure failure) {
        boolean idempotent = function.settings().idempotent();
        return attempts.retry(failure, idempotent, RequestBody.isRepeatable(body), ClientDeadline.millis(request));
    }

    @Override
    public void runAgain() {
        functionState.meters().retried();
        submit(gateway.nowNanos());
    }

    @Override
    public void answerFailed(Problem problem) {
        if (state.isClientGone() || !result.standsIn(false)) {
            refuse(problem);
        }
    }

    private void take(Route found) {
        function = found.function();
        pathInfo = found.pathInfo();
        functionState = gateway.state(function, request);
        inFlight.function(functionState.meters(), function.settings());
        SiteOfAnswers.is(function, pathInfo, writer);
    }

    /** The client hung up, or did not take its answer, or its HTTP/2 stream has closed, which also happens after each answer. */
    @Override
    public void clientIsGone() {
        if (state.isDone() || state.isClientGone() || inFlight.isStreamAtEnd()) {
            relay.bodyEnded(RequestBody.isHalf(body)); // the answer is complete, but the body may not be
            return;
        }
        boolean exchange = state.hasExchange();
        state = state.loseClient();
        if (exchange) {
            relay.onClientGone(function.settings().onAbort(), RequestBody.isHalf(body));
        } else {
            result.clientIsGone();
            giveUp();
            done(FunctionMeters.CLIENT_CLOSED);
        }
    }

    /** Ends the invocation after a callback has thrown, because nothing else would end it. */
    private void endByFault() {
        boolean clientGone = state.isClientGone();
        if (state.hasExchange()) {
            relay.abandon(Problem.INTERNAL);
        } else if (!state.isDone()) {
            giveUp();
            refuse(Problem.INTERNAL);
        }
        if (!clientGone && !request.response().ended()) {
            writer.breakOff();
        }
        done(Problem.INTERNAL.status());
    }

    /** Gives up the body, the place in the waiting room and the buffered part of an answer. */
    private void giveUp() {
        writer.release();
        RequestBody.discard(body);
        claim.leave();
    }

    void refuse(Problem problem) {
        finishWith(problem, null, null);
    }

    @Override
    public void finishWith(Problem problem, @Nullable String name, @Nullable String value) {
        inFlight.timeline().problem(problem.slug());
        if (writer.isHeadWritten()) {
            writer.breakOff();
        } else if (!state.isClientGone()) {
            writer.problem(problem, mustClose(), name, value);
        }
        done(problem.status());
    }

    @Override
    public boolean mustClose() {
        return ConnectionEnd.isNeeded(request, target == null, gateway.isDraining());
    }

    @Override
    public void done(int status) {
        answered(status);
        releaseBody();
    }

    @Override
    public boolean releaseBody() {
        return RequestBody.release(body);
    }

    /** Ends the invocation like {@link #done}, but keeps the body, which a script that still works may read. */
    @Override
    public void answered(int status) {
        if (state.isDone()) {
            return;
        }
        state = state.finish();
        claim.end();
        result.end();
        RequestBody.answered(body);
        inFlight.end(status);
    }
}
