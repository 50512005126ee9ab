package dev.relais.gateway;

import dev.relais.cache.Flight;
import dev.relais.cache.Question;
import dev.relais.cache.Reply;
import dev.relais.cache.ResultCache;
import dev.relais.cache.SharedLookUp;
import dev.relais.cache.Stored;
import dev.relais.functions.PhpFunction;
import dev.relais.http.AnswerHead;
import dev.relais.http.Callbacks;
import dev.relais.http.Edge;
import dev.relais.http.Problem;
import dev.relais.http.RequestTarget;
import dev.relais.http.ResponseWriter;
import dev.relais.telemetry.FunctionMeters;
import io.netty.buffer.ByteBuf;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The part of an invocation that concerns the result cache: it answers the request from there, has it wait for another request's answer,
 * or gives PHP's answer to the cache on its way to the client. Confined to the request's event loop.
 */
final class ResultStep implements ResultPart, AnswerTap, ResultWait.Listener {
    /** A stored answer of up to this size is as good as with the client when it is written. */
    private static final int SOON_TAKEN = 4 << 10;

    interface Listener {
        boolean isDone();

        boolean mustClose();

        /** Nobody else's answer can be had: PHP has to be asked. */
        void asksItself();

        /** The request has waited for as long as it may. */
        void finishWith(Problem problem, @Nullable String name, @Nullable String value);

        /** The client has its answer, or is gone. */
        void done(int status);
    }

    private final Question question;
    private final Gateway gateway;
    private final Edge edge;
    private final HttpServerRequest request;
    private final RequestTarget target;
    private final PhpFunction function;
    private final ResponseWriter writer;
    private final Callbacks callbacks;
    private final LongSupplier clock;
    private final Listener listener;
    private @Nullable ResultWait wait; // for another request's answer; null for none
    private Question.Head.@Nullable Give given; // in the place of PHP's answer

    private ResultStep(
            Question question,
            Gateway gateway,
            Edge edge,
            HttpServerRequest request,
            RequestTarget target,
            PhpFunction function,
            ResponseWriter writer,
            Callbacks callbacks,
            Listener listener) {
        this.question = question;
        this.gateway = gateway;
        this.edge = edge;
        this.request = request;
        this.target = target;
        this.function = function;
        this.writer = writer;
        this.callbacks = callbacks;
        this.clock = gateway.clock();
        this.listener = listener;
    }

    /**
     * The part that the cache has in a request, whose answer is shown to it.
     *
     * @param callbacks of the invocation
     */
    static ResultPart of(
            Gateway gateway,
            Edge edge,
            HttpServerRequest request,
            RequestTarget target,
            PhpFunction function,
            ResponseWriter writer,
            AnswerRelay relay,
            Callbacks callbacks,
            Listener listener) {
        Results results = gateway.results(request);
        if (results == null || function.settings().cache().off()) {
            return ResultPart.NONE;
        }
        if (!Results.isRead(request)) {
            relay.tap(new UnsafeResult(results, gateway.functions().current(), request, target, function));
            return ResultPart.NONE;
        }
        Question question = results.ask(request, target, function);
        ResultStep step =
                new ResultStep(question, gateway, edge, request, target, function, writer, callbacks, listener);
        relay.tap(step);
        writer.timeline().cacheBy(question::outcome);
        return step;
    }

    @Override
    public boolean answersAtOnce() {
        writer.timeline().cacheAsked(clock);
        Reply reply = question.lookUp();
        writer.timeline().cacheKnown(clock);
        if (reply instanceof Reply.Give give) {
            give(give);
            return true;
        }
        if (reply instanceof Reply.Unsatisfied) {
            listener.finishWith(Problem.NOT_STORED, null, null);
            return true;
        }
        return false;
    }

    /** Has PHP make a new answer. An application's script is known from the last one. */
    private void revalidate(Stored stale) {
        Stored.Origin origin = stale.origin();
        if (origin == null && function.application() != null) {
            return;
        }
        Stored.Origin script = origin == null ? new Stored.Origin(function, pathInfo()) : origin;
        Question alone = question.revalidation();
        alone.origin(script);
        new Revalidation(gateway, edge, request, target, script.function(), script.pathInfo(), alone).begin();
    }

    private String pathInfo() {
        return target.path().substring(Route.PREFIX.length() + function.name().length());
    }

    @Override
    public boolean waits(PhpFunction script, String pathInfo, long headNanos) {
        question.origin(new Stored.Origin(script, pathInfo));
        Flight other = question.board();
        if (other == null) {
            return SharedLookUp.begins(question, edge.loop(), callbacks.consumer(this::sharedIsKnown));
        }
        long own = ClientDeadline.millis(request);
        long most = script.settings().timeoutMillis();
        long end = headNanos + TimeUnit.MILLISECONDS.toNanos(own < 0 ? most : Math.min(own, most));
        wait = new ResultWait(question, edge.loop(), request.response(), writer, callbacks, this);
        wait.begin(other, () -> end - clock.getAsLong());
        return true;
    }

    /** @param found null when PHP has to be asked */
    private void sharedIsKnown(Reply.@Nullable Give found) {
        if (listener.isDone()) {
            return; // the client is gone
        }
        writer.timeline().cacheKnown(clock);
        if (found == null) {
            listener.asksItself();
        } else {
            give(found);
        }
    }

    private void give(Reply.Give reply) {
        give(reply.stored(), reply.status());
        if (reply.revalidate() && request.method() == HttpMethod.GET) {
            revalidate(reply.stored());
        }
    }

    @Override
    public boolean isDone() {
        return listener.isDone();
    }

    @Override
    public boolean mustClose() {
        return listener.mustClose();
    }

    @Override
    public void follows() {
        writer.timeline().cacheKnown(clock);
    }

    @Override
    public void asksItself() {
        writer.timeline().cacheKnown(clock);
        listener.asksItself();
    }

    @Override
    public void waitIsOver() {
        writer.timeline().cacheKnown(clock);
        if (!standsIn(true)) {
            listener.finishWith(Problem.TIMEOUT, null, null);
        }
    }

    @Override
    public void isGiven(Stored stored, String status) {
        writer.timeline().cacheKnown(clock);
        give(stored, status);
    }

    @Override
    public void followedToTheEnd() {
        int status = writer.status();
        writer.end(callbacks.handler(
                written -> listener.done(written.succeeded() ? status : FunctionMeters.CLIENT_CLOSED)));
    }

    @Override
    public void followedAnswerBroke() {
        listener.finishWith(Problem.FUNCTION_FAILED, null, null); // which breaks it off, if its head is written
    }

    private void give(Stored stored, String status) {
        writer.reset();
        if (stored.content().length() <= SOON_TAKEN) {
            listener.done(StoredAnswer.write(question, stored, status, writer, listener.mustClose(), null));
        } else {
            StoredAnswer.write(
                    question,
                    stored,
                    status,
                    writer,
                    listener.mustClose(),
                    callbacks.handler(written ->
                            listener.done(written.succeeded() ? writer.status() : FunctionMeters.CLIENT_CLOSED)));
        }
    }

    @Override
    public boolean standsIn(boolean refused) {
        if (writer.isHeadWritten()) {
            return false;
        }
        Question.Head.Give instead = question.instead(refused);
        if (instead == null) {
            return false;
        }
        give(instead.stored(), instead.status());
        return true;
    }

    @Override
    public void beforeAsking() {
        question.beforeAsking();
    }

    @Override
    public void afterEncoding() {
        question.afterEncoding();
    }

    @Override
    public @Nullable AnswerHead head(AnswerHead head) {
        Question.Head result =
                question.head(head.status(), head.reason(), head.fields(), head.mediaType(), head.length());
        if (result instanceof Question.Head.Pass pass) {
            return head.withFields(pass.fields());
        }
        given = (Question.Head.Give) result;
        return null;
    }

    @Override
    public List<String> visible(List<String> fields) {
        return ResultCache.visible(fields);
    }

    @Override
    public void giveInstead() {
        Question.Head.Give instead = Objects.requireNonNull(given);
        give(instead.stored(), instead.status());
    }

    @Override
    public void body(ByteBuf in, int length) {
        question.body(in, length);
    }

    @Override
    public void readComplete() {
        question.pieceIsComplete();
    }

    @Override
    public boolean isWaitedFor() {
        return question.isWaitedFor();
    }

    @Override
    public void end(boolean whole) {
        question.end(whole);
    }

    @Override
    public void isFile() {
        question.isFile();
    }

    @Override
    public void discarded() {
        question.discard();
    }

    @Override
    public void clientIsGone() {
        question.vacate();
    }

    @Override
    public void end() {
        if (wait != null) {
            wait.end();
        }
        question.end(false);
    }
}
