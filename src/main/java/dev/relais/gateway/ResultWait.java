package dev.relais.gateway;

import dev.relais.cache.Flight;
import dev.relais.cache.Question;
import dev.relais.cache.Recording;
import dev.relais.cache.Stored;
import dev.relais.dispatch.LoopHop;
import dev.relais.http.Callbacks;
import dev.relais.http.PatientTimer;
import dev.relais.http.ResponseWriter;
import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request's wait for the answer for which another request has asked PHP, from the moment when it takes its place among the followers
 * until it has the answer, or goes on by itself. Confined to the request's event loop; only the methods of {@link Flight.Follower} may
 * be called from another.
 */
final class ResultWait implements Flight.Follower {
    /** Called on the request's event loop. */
    interface Listener extends FollowedAnswer.Listener {
        boolean isDone();

        boolean mustClose();

        /** The other request's answer has begun, and is passed on as it comes. */
        void follows();

        /** Nobody else's answer can be had: PHP has to be asked. */
        void asksItself();

        /** The request has waited for as long as it may. */
        void waitIsOver();

        /**
         * The answer is there.
         *
         * @param status the value of Cache-Status
         */
        void isGiven(Stored stored, String status);
    }

    private final Question question;
    private final EventLoop loop;
    private final HttpServerResponse response;
    private final ResponseWriter writer;
    private final Callbacks callbacks;
    private final Listener listener;
    private @Nullable Flight other; // that is followed; null for none
    private @Nullable FollowedAnswer followed; // once it arrives
    private @Nullable PatientTimer limit; // of the wait for it

    ResultWait(
            Question question,
            EventLoop loop,
            HttpServerResponse response,
            ResponseWriter writer,
            Callbacks callbacks,
            Listener listener) {
        this.question = question;
        this.loop = loop;
        this.response = response;
        this.writer = writer;
        this.callbacks = callbacks;
        this.listener = listener;
    }

    /** @param left gives the nanoseconds for which the request may still wait */
    void begin(Flight flight, LongSupplier left) {
        other = flight;
        limit = new PatientTimer(loop, left, callbacks.task(this::waitIsOver));
        limit.start();
        flight.join(this);
    }

    /** The request has ended. Idempotent. */
    void end() {
        stop();
        if (followed != null) {
            followed.close();
        }
    }

    private void waitIsOver() {
        stop();
        listener.waitIsOver();
    }

    private void stop() {
        if (limit != null) {
            limit.stop();
        }
        Flight left = other;
        if (left != null) {
            left.leave(this);
            other = null;
        }
    }

    @Override
    public void arrives(Recording recording) {
        LoopHop.onLoop(loop, callbacks.task(() -> take(recording)));
    }

    @Override
    public void stands(Stored stored) {
        LoopHop.onLoop(loop, callbacks.task(() -> {
            if (isWaiting() && question.accepts(stored)) {
                stop();
                listener.isGiven(stored, question.collapsed(stored));
            } else {
                goOn();
            }
        }));
    }

    @Override
    public void released() {
        LoopHop.onLoop(loop, callbacks.task(this::goOn));
    }

    @Override
    public void vacated() {
        LoopHop.onLoop(loop, callbacks.task(() -> {
            if (isWaiting()) {
                Flight next = question.boardAgain();
                other = next;
                if (next == null) {
                    goOn();
                } else {
                    next.join(this);
                }
            }
        }));
    }

    private boolean isWaiting() {
        return !listener.isDone() && limit != null && limit.isRunning();
    }

    private void goOn() {
        if (isWaiting()) {
            stop();
            listener.asksItself();
        }
    }

    private void take(Recording recording) {
        if (!isWaiting()) {
            return;
        }
        if (!question.accepts(recording.head())) {
            goOn();
            return;
        }
        stop();
        Stored whole = recording.whole();
        if (whole != null) {
            listener.isGiven(whole, question.collapsed(whole));
        } else if (recording.isBroken()) {
            listener.asksItself();
        } else {
            listener.follows();
            followed = new FollowedAnswer(recording, loop, response, writer, callbacks, listener);
            followed.begin(question, listener.mustClose());
        }
    }
}
