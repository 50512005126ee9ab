package dev.relais.body;

import dev.relais.http.Callbacks;
import dev.relais.http.ClientWait;
import dev.relais.http.ResponseWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpServerResponse;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of an answer's body from PHP to its client: straight through while the client is quick, through a {@link Backlog} while it
 * is slow; and when that is full, PHP is held back, for as long as an invocation may in all. Confined to the request's event loop.
 */
public final class AnswerFlow {
    /** Told on the event loop; not after {@link #close}. */
    public interface Listener {
        /** PHP is to send no more for now. */
        void holdBack();

        /** The opposite of {@link #holdBack}, and told after each of them. */
        void goOn();

        /** The client has taken all that was to come before the end. Once, after {@link #end} has said {@link Rest#BEHIND}. */
        void clientHasCaughtUp();

        /** The client has held PHP back for longer than it may. */
        void clientIsTooSlow();

        /** What the client was still to get is lost. */
        void backlogLost(Throwable cause);
    }

    /** How much of an answer the client's connection has not been given when nothing more comes from PHP. */
    public enum Rest {
        /** Nothing, and the client was quick to the end. */
        NONE,
        /** Nothing, but the client has not taken all of it. */
        WITH_CONNECTION,
        /** Some bytes: the listener is told when the connection has them. */
        BEHIND
    }

    private enum State {
        /** What comes is written at once. */
        STRAIGHT,
        /** What comes goes through the backlog. */
        BEHIND,
        /** The backlog is full: PHP waits for the client. */
        HELD_BACK,
        /** Nothing more comes; the backlog has the rest. */
        LAST,
        /** All is with the connection, or nobody wants it any more. */
        CLOSED
    }

    private final AnswerBuffers buffers;
    private final EventLoop loop;
    private final HttpServerResponse response;
    private final ResponseWriter writer;
    private final Listener listener;
    private final Callbacks callbacks;
    private @Nullable Backlog backlog; // null: the client was never slow
    private @Nullable ClientWait wait; // null: PHP was never held back
    private long waitMillis;
    private State state = State.STRAIGHT;
    private boolean draining; // a write that goes through at once comes back to drain

    /**
     * @param loop of the request
     * @param writer of the answer that this response is
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

    /** An exchange begins. @param clientWaitMillis how long the client may hold PHP back, in sum over the exchanges of an invocation */
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

    /** Takes body bytes. The buffer is read, not kept. */
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

    /** All that one read has brought was given to {@link #body}. */
    public void readComplete() {
        if (!isSlow() && !writer.flush()) {
            slowDown();
        }
        if (isSlow() && writer.isIdle()) {
            drain();
        }
        // While nothing waits in a stream of HTTP/2, no clock sees that its client takes nothing: the next bytes are to
        // wait there.
        boolean unseen = writer.isIdle() && state == State.BEHIND && backlog().isEmpty();
        if (state == State.BEHIND && !unseen) {
            backlog().limit(limit());
            if (backlog().isFull()) {
                holdBack();
            }
        }
    }

    /** The client takes no more for now: what comes waits in the backlog. */
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

    /** An answer that does not fit is not worth a file: its child is busy to the end all the same. */
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

    /** The client takes more, or there is more to take. */
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
        }
    }

    /** Nothing more will come. */
    public Rest end() {
        if (isSlow() && writer.isIdle()) {
            drain();
        }
        if (state == State.HELD_BACK) {
            goOn(State.BEHIND); // whatever the script still does, it does without this client
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
