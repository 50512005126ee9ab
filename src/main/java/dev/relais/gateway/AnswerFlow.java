package dev.relais.gateway;

import dev.relais.body.Backlog;
import dev.relais.body.BacklogLimits;
import dev.relais.dispatch.Exchange;
import dev.relais.http.Callbacks;
import dev.relais.http.ClientWait;
import dev.relais.http.Edge;
import dev.relais.http.ResponseWriter;
import io.netty.buffer.ByteBuf;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;

/**
 * The way of an answer's body from PHP to its client: straight through while the client is quick, through a {@link Backlog} while it
 * is slow; and when that is full, PHP is held back, for as long as an invocation may in all. Confined to the request's event loop.
 */
final class AnswerFlow {
    /** Told on the event loop; not after {@link #close}. */
    interface Listener {
        /** The client has taken all that was to come before the end. Once, after {@link #end} has said that it has not. */
        void clientHasCaughtUp();

        /** The client has held PHP back for longer than it may. */
        void clientIsTooSlow();

        /** What the client was still to get is lost. */
        void backlogLost(Throwable cause);
    }

    private final Gateway gateway;
    private final Edge edge;
    private final HttpServerRequest request;
    private final ResponseWriter writer;
    private final Listener listener;
    private final Callbacks callbacks;
    private Exchange exchange;
    private Backlog backlog; // null: the client was never slow
    private ClientWait wait; // null: PHP was never held back
    private long waitMillis;
    private boolean slow; // the client takes no more, or there is a backlog
    private boolean paused; // PHP waits for the client
    private boolean ending; // nothing more will come
    private boolean draining;
    private boolean closed;

    AnswerFlow(
            Gateway gateway,
            Edge edge,
            HttpServerRequest request,
            ResponseWriter writer,
            Listener listener,
            Callbacks callbacks) {
        this.callbacks = callbacks;
        this.gateway = gateway;
        this.edge = edge;
        this.request = request;
        this.writer = writer;
        this.listener = listener;
    }

    /**
     * Whose bytes come next.
     *
     * @param clientWaitMillis how long the client may hold PHP back, in sum over the exchanges of an invocation
     */
    void begin(Exchange begun, long clientWaitMillis) {
        exchange = begun;
        waitMillis = clientWaitMillis;
    }

    /** Takes body bytes. The buffer is read, not kept. */
    void body(ByteBuf in, int length) {
        if (!slow && gateway.memory().answers().isUsedUp() && writer.isFull()) {
            writer.flush();
            slowDown(); // from the first byte on
        }
        if (slow) {
            backlog.add(in, writer.wanted(length));
        } else {
            writer.body(in, length);
        }
    }

    /** What one read has brought is all here. */
    void readComplete() {
        if (!slow && !writer.flush()) {
            slowDown();
        }
        if (slow && writer.isIdle()) {
            drain();
        }
        // While nothing waits in a stream of HTTP/2, no clock sees that its client takes nothing: the next bytes are to
        // wait there.
        boolean unseen = slow && writer.isIdle() && backlog.isEmpty();
        if (slow && !paused && !unseen) {
            backlog.limit(limit());
            if (backlog.isFull()) {
                holdBack();
            }
        }
    }

    /** The client takes no more for now: what comes waits in the backlog. */
    private void slowDown() {
        slow = true;
        if (backlog == null) {
            int memory = gateway.backlogLimits().memory();
            backlog = new Backlog(
                    gateway.spool(),
                    edge.loop(),
                    memory,
                    gateway.memory().answers(),
                    callbacks.consumer(this::onBacklogChanged));
            request.response().drainHandler(callbacks.handler(drained -> drain()));
            writer.onIdle(callbacks.task(this::drain));
        }
        backlog.limit(limit());
    }

    /** What does not fit is not worth a file: its child is busy to the end all the same. */
    private long limit() {
        BacklogLimits limits = gateway.backlogLimits();
        if (!writer.isBuffered()) {
            return 0;
        }
        return writer.missing() > limits.total() ? Math.min(limits.memory(), limits.total()) : limits.total();
    }

    private void holdBack() {
        paused = true;
        if (wait == null) {
            long most = TimeUnit.MILLISECONDS.toNanos(waitMillis);
            wait = new ClientWait(edge.loop(), most, callbacks.task(listener::clientIsTooSlow));
        }
        wait.begin();
        exchange.holdBack();
    }

    private void goOn() {
        paused = false;
        wait.end();
        exchange.goOn();
    }

    private void onBacklogChanged(Throwable failure) {
        if (closed) {
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
        if (closed || !slow || draining) {
            return;
        }
        draining = true; // a write that goes through at once comes here again
        ByteBuf next;
        while ((!writer.isFull() || writer.isIdle()) && (next = backlog.take()) != null) {
            writer.write(next);
        }
        draining = false;
        if (ending) {
            if (backlog.isEmpty()) {
                slow = false;
                listener.clientHasCaughtUp();
            }
            return;
        }
        slow = writer.isFull() || !backlog.isEmpty();
        if (paused && backlog.isLow()) {
            goOn();
        }
    }

    /** Nothing more will come. @return whether all of it is with the client's connection; else the listener is told when it is */
    boolean end() {
        if (slow && writer.isIdle()) {
            drain();
        }
        ending = true;
        if (paused) {
            goOn(); // whatever the script still does, it does without this client
        }
        return !slow || backlog.isEmpty();
    }

    /** Whether the client was slow, and all but the last is with its connection. */
    boolean wasSlow() {
        return slow;
    }

    /** Forgets what the client has not taken; PHP is not held back for it any more. Idempotent. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (wait != null) {
            wait.end();
        }
        if (backlog != null) {
            backlog.close();
        }
    }
}
