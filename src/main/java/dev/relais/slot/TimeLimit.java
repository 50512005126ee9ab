package dev.relais.slot;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time limit of one exchange after another. It counts PHP's time: while PHP is held back for a client it stands still. One timer serves
 * many exchanges: it is moved when a deadline is nearer, and left alone when it is not. Confined to its event loop.
 */
final class TimeLimit {
    /** The longest time that a loop that was held up is given to read what has come meanwhile; a check that fires in time gives none. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final EventLoop loop;
    private final LongSupplier nanos;
    private final Runnable onOver;
    private boolean running;
    private boolean lookedOnce; // at a limit that had passed
    private long deadlineNanos; // moved on when PHP goes on
    private boolean held;
    private long heldSinceNanos;
    private @Nullable ScheduledFuture<?> check; // fires at the deadline or before it, then looks again; null: none
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

    /** PHP waits for somebody else from now on. */
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

    /** Of the limit last begun; below 0 when it has passed. */
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
            return; // goOn looks again
        }
        if (leftNanos() > 0) {
            checkBy(deadlineNanos);
            return;
        }
        if (!lookedOnce) {
            // A loop that was held up runs its timers before it reads what came in time, perhaps in several turns.
            lookedOnce = true;
            long late = nanos.getAsLong() - checkNanos;
            check = loop.schedule(this::onCheck, Math.max(0, Math.min(late, GRACE_NANOS)), TimeUnit.NANOSECONDS);
            return;
        }
        running = false;
        onOver.run();
    }
}
