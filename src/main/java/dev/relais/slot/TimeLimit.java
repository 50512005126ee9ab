package dev.relais.slot;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time limit of each exchange of a slot. It counts PHP's time, so it stands still while PHP is held back for a client. One
 * timer serves many exchanges: it is moved only when a deadline is nearer. Confined to its event loop.
 */
final class TimeLimit {
    /** The most time that a delayed loop gets to read what has arrived meanwhile. A check that fires in time gives none. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final EventLoop loop;
    private final LongSupplier nanos;
    private final Runnable onOver;
    private boolean running;
    private boolean lookedOnce; // whether the first check has found that the limit had passed
    private long deadlineNanos; // moved when PHP goes on
    private boolean held;
    private long heldSinceNanos;
    private @Nullable ScheduledFuture<?> check; // fires at the deadline or before, then checks again; null for none
    private long checkNanos;

    /**
     * @param nanos the clock that deadlines are given by
     * @param onOver run on the loop, once for each limit that passes
     */
    TimeLimit(EventLoop loop, LongSupplier nanos, Runnable onOver) {
        this.loop = loop;
        this.nanos = nanos;
        this.onOver = onOver;
    }

    void begin(long deadline) {
        running = true;
        held = false;
        lookedOnce = false;
        deadlineNanos = deadline;
        checkBy(deadline);
    }

    /** The exchange has ended in time. */
    void end() {
        running = false;
    }

    /** PHP waits for the client from now on. */
    void hold() {
        if (running && !held) {
            held = true;
            heldSinceNanos = nanos.getAsLong();
        }
    }

    /** PHP works again, with what was left of its time. */
    void goOn() {
        if (held) {
            held = false;
            lookedOnce = false;
            deadlineNanos += nanos.getAsLong() - heldSinceNanos;
            if (running) {
                checkBy(deadlineNanos);
            }
        }
    }

    /** What is left of the limit that was begun last; below 0 when it has passed. */
    long leftNanos() {
        return deadlineNanos - (held ? heldSinceNanos : nanos.getAsLong());
    }

    private void checkBy(long deadline) {
        if (check == null || deadline - checkNanos < 0) {
            if (check != null) {
                check.cancel(false);
            }
            checkNanos = deadline;
            check = loop.schedule(this::onCheck, deadline - nanos.getAsLong(), TimeUnit.NANOSECONDS);
        }
    }

    private void onCheck() {
        check = null;
        if (!running || held) {
            return; // goOn checks again
        }
        if (leftNanos() > 0) {
            checkBy(deadlineNanos);
            return;
        }
        if (!lookedOnce) {
            // A delayed loop runs its timers before it reads what came in time, perhaps in several turns.
            lookedOnce = true;
            long late = nanos.getAsLong() - checkNanos;
            check = loop.schedule(this::onCheck, Math.max(0, Math.min(late, GRACE_NANOS)), TimeUnit.NANOSECONDS);
            return;
        }
        running = false;
        onOver.run();
    }
}
