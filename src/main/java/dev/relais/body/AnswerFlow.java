package dev.relais.body;

import dev.relais.http.Callbacks;
import dev.relais.http.ResponseWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpServerResponse;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Passes an answer's body from PHP to its client. Bytes go straight through while the client is quick, and through a
 * {@link Backlog} while it is slow. When the backlog is full, PHP is held back, for at most the time that one invocation allows
 * in all. Confined to the request's event loop.
 */
public final class AnswerFlow {
    /** Called on the event loop, and not after {@link #close}. */
    public interface Listener {
        /** PHP has to stop sending for now. */
        void holdBack();

        /** PHP may send again. Called once after each {@link #holdBack}. */
        void goOn();

        /** The client has taken everything. Called once, after {@link #end} has returned {@link Rest#BEHIND}. */
        void clientHasCaughtUp();

        /** The client has held PHP back for longer than is allowed. */
        void clientIsTooSlow();

        /** The bytes that the client had not yet got are lost. */
        void backlogLost(Throwable cause);
    }

    /** How much of an answer is left to be sent when nothing more comes from PHP. */
    public enum Rest {
        /** Nothing is left, and the client was quick to the end. */
        NONE,
        /** Everything was written to the connection, but the client has not taken all of it. */
        WITH_CONNECTION,
        /** Some bytes are in the backlog. The listener is called when the connection has them. */
        BEHIND
    }

    private enum State {
        /** Bytes from PHP are written at once. */
        STRAIGHT,
        /** Bytes from PHP go through the backlog. */
        BEHIND,
        /** The backlog is full, and PHP waits for the client. */
        HELD_BACK,
        /** PHP has sent everything, and the backlog has the rest. */
        LAST,
        /** Everything was written to the connection, or the answer was given up. */
        CLOSED
    }

    private final AnswerBuffers buffers;
    private final EventLoop loop;
    private final HttpServerResponse response;
    private final ResponseWriter writer;
    private final Listener listener;
    private final Callbacks callbacks;
    private @Nullable Backlog backlog; // null until the client is slow
    private @Nullable ClientWait wait; // null until PHP is held back
    private long waitMillis;
    private State state = State.STRAIGHT;
    private boolean draining; // guards against recursion, because a write that succeeds at once calls drain

    /**
     * @param loop of the request
     * @param writer writes this answer's response
     * @param callbacks of its invocation
     */
    public AnswerFlow(
            AnswerBuffers buffers,
            EventLoop loop,
            HttpServerResponse response,
            ResponseWriter writer,
            Listener listener,
            Callbacks callbacks) {
        this.buffers = buffers;
        this.loop = loop;
        this.response = response;
        this.writer = writer;
        this.listener = listener;
        this.callbacks = callbacks;
    }

    /**
     * An exchange begins.
     *
     * @param clientWaitMillis how long the client may hold PHP back, in sum over the exchanges of an invocation
     */
    public void begin(long clientWaitMillis) {
        waitMillis = clientWaitMillis;
    }

    /** Once the client was slow. */
    private Backlog backlog() {
        return Objects.requireNonNull(backlog);
    }

    private boolean isSlow() {
        return state == State.BEHIND || state == State.HELD_BACK;
    }

    /** Takes body bytes. The buffer is read but not kept. */
    public void body(ByteBuf in, int length) {
        if (!isSlow() && buffers.budget().isUsedUp() && writer.isFull()) {
            writer.flush();
            slowDown(); // from the first byte on
        }
        if (isSlow()) {
            backlog().add(in, writer.wanted(length));
        } else {
            writer.body(in, length);
        }
    }

    /** All bytes of one read from PHP were given to {@link #body}. */
    public void readComplete() {
        if (!isSlow() && !writer.flush()) {
            slowDown();
        }
        if (isSlow() && writer.isIdle()) {
            drain();
        }
        // While no bytes wait in an HTTP/2 stream, no timer notices that its client takes nothing. So the next bytes
        // are written to the stream and wait there.
        boolean unseen = writer.isIdle() && state == State.BEHIND && backlog().isEmpty();
        if (state == State.BEHIND && !unseen) {
            backlog().limit(limit());
            if (backlog().isFull()) {
                holdBack();
            }
        }
    }

    /** The client takes no more for now, so further bytes wait in the backlog. */
    private void slowDown() {
        state = State.BEHIND;
        if (backlog == null) {
            backlog = new Backlog(
                    buffers.spool(),
                    loop,
                    buffers.limits().memory(),
                    buffers.budget(),
                    callbacks.consumer(this::onBacklogChanged));
            response.drainHandler(callbacks.handler(drained -> drain()));
            writer.onIdle(callbacks.task(this::drain));
        }
        backlog.limit(limit());
    }

    /**
     * The most bytes of the backlog. For an answer that does not fit, a file is of no use, because its child is busy to the end
     * in any case.
     */
    private long limit() {
        BacklogLimits limits = buffers.limits();
        if (!writer.isBuffered()) {
            return 0;
        }
        return writer.missing() > limits.total() ? Math.min(limits.memory(), limits.total()) : limits.total();
    }

    private void holdBack() {
        state = State.HELD_BACK;
        if (wait == null) {
            long most = TimeUnit.MILLISECONDS.toNanos(waitMillis);
            wait = new ClientWait(loop, most, callbacks.task(listener::clientIsTooSlow));
        }
        wait.begin();
        listener.holdBack();
        backlog().heldBack();
    }

    private void goOn(State next) {
        state = next;
        Objects.requireNonNull(wait).end(); // PHP is held back
        listener.goOn();
    }

    private void onBacklogChanged(@Nullable Throwable failure) {
        if (state == State.CLOSED) {
            return;
        }
        if (failure == null) {
            drain();
        } else {
            listener.backlogLost(failure);
        }
    }

    /** Writes from the backlog, because the client takes more or the backlog has more. */
    private void drain() {
        if (!isSlow() && state != State.LAST || draining) {
            return;
        }
        draining = true;
        ByteBuf next;
        while ((!writer.isFull() || writer.isIdle()) && (next = backlog().take()) != null) {
            writer.write(next);
        }
        draining = false;
        if (state == State.LAST) {
            if (backlog().isEmpty()) {
                state = State.CLOSED;
                listener.clientHasCaughtUp();
            }
            return;
        }
        State nextState = writer.isFull() || !backlog().isEmpty() ? State.BEHIND : State.STRAIGHT;
        if (state == State.BEHIND) {
            state = nextState;
        } else if (backlog().isLow()) {
            goOn(nextState);
        } else {
            backlog().heldBack();
        }
    }

    /** PHP has sent everything. */
    public Rest end() {
        if (isSlow() && writer.isIdle()) {
            drain();
        }
        if (state == State.HELD_BACK) {
            goOn(State.BEHIND); // the script no longer waits for this client
        }
        if (state != State.BEHIND) {
            state = State.CLOSED;
            return Rest.NONE;
        }
        boolean empty = backlog().isEmpty();
        state = empty ? State.CLOSED : State.LAST;
        return empty ? Rest.WITH_CONNECTION : Rest.BEHIND;
    }

    /** Forgets what the client has not taken; PHP is not held back for it any more. Idempotent. */
    public void close() {
        state = State.CLOSED;
        if (wait != null) {
            wait.end();
        }
        if (backlog != null) {
            backlog.close();
        }
    }
}
