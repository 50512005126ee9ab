package dev.relais.gateway;

import dev.relais.cache.Question;
import dev.relais.cache.Reply;
import dev.relais.cache.SharedLookUp;
import dev.relais.dispatch.Exchange;
import dev.relais.dispatch.Run;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.Params;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.functions.PhpFunction;
import dev.relais.http.AnswerHead;
import dev.relais.http.Callbacks;
import dev.relais.http.Edge;
import dev.relais.http.Problem;
import dev.relais.http.RequestTarget;
import dev.relais.slot.Slot;
import dev.relais.telemetry.Timeline;
import io.netty.buffer.ByteBuf;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Has PHP make a new answer for one that was given although it is stale, with the fields of the request that got it and without a client.
 * It takes its turn for a child as any other run; when it gets none, the next request tries again. Confined to the request's event loop.
 */
final class Revalidation implements ChildClaim.Listener, ExchangeListener {
    private final Gateway gateway;
    private final Edge edge;
    private final HttpServerRequest request;
    private final RequestTarget target;
    private final PhpFunction function;
    private final String pathInfo;
    private final FunctionState state;
    private final Question question;
    private final Callbacks callbacks;
    private final ChildClaim claim;
    private boolean done;

    /** @param function with the script that answers */
    Revalidation(
            Gateway gateway,
            Edge edge,
            HttpServerRequest request,
            RequestTarget target,
            PhpFunction function,
            String pathInfo,
            Question question) {
        this.gateway = gateway;
        this.edge = edge;
        this.request = request;
        this.target = target;
        this.function = function;
        this.pathInfo = pathInfo;
        this.state = gateway.state(function);
        this.question = question;
        this.callbacks = new Callbacks(gateway.meters()::faulted, this::end, this::end);
        Timeline timeline = new Timeline(
                new RequestDetails(request, gateway.connectionVariables()),
                gateway.clock().getAsLong());
        this.claim = new ChildClaim(this, edge, request, gateway.meters(), callbacks, gateway.clock(), timeline);
    }

    void begin() {
        if (!question.boardsAlone()) {
            return; // somebody asks already
        }
        callbacks.run(() -> {
            if (!SharedLookUp.begins(question, edge.loop(), callbacks.consumer(this::sharedIsKnown))) {
                ask();
            }
        });
    }

    /** Another gateway may have had a new answer made. */
    private void sharedIsKnown(Reply.@Nullable Give found) {
        if (found == null || found.revalidate()) {
            ask();
        } else {
            end();
        }
    }

    private void ask() {
        claim.script(state, function, 0);
        if (!claim.isRefused()) {
            claim.begin(gateway.clock().getAsLong());
        }
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public void childIsThere(Slot slot, Run run) {
        Exchange exchange = new Exchange(slot, edge.loop(), this, callbacks);
        ByteBuf encoded;
        try {
            question.beforeAsking();
            encoded = gateway.variables().encode(edge.params(), request, target, function, state, pathInfo, null);
        } catch (RuntimeException | Error e) {
            claim.giveBack(slot, run);
            end();
            if (!(e instanceof Params.PairTooLarge)) {
                throw e;
            }
            return;
        }
        exchange.start(
                encoded, null, function.settings().timeoutMillis(), state.usualLatency(), run, callbacks.task(() -> {
                    run.unused();
                    end();
                }));
    }

    @Override
    public void childIsRefused(Problem problem, int seconds) {
        end();
    }

    @Override
    public void onHead(ResponseHead head) {
        AnswerHead answer = AnswerHead.of(head);
        if (answer.delivery().isByFile()) {
            question.isFile();
        } else if (!done) {
            question.head(answer.status(), answer.reason(), answer.fields(), answer.mediaType(), answer.length());
        }
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        question.body(in, length);
    }

    @Override
    public void onReadComplete() {
        question.pieceIsComplete();
    }

    @Override
    public void onStderr(String message) {
        PhpLog.log(function.name(), request, message);
    }

    @Override
    public void onFinished() {
        question.end(true);
    }

    @Override
    public void onEnd(int appStatus) {
        if (appStatus == 0) {
            question.end(true);
        }
        end();
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
        end();
    }

    private void end() {
        if (!done) {
            done = true;
            claim.end();
            question.end(false);
        }
    }
}
