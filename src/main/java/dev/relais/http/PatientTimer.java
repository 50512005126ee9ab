package dev.relais.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A time limit, on an event loop, for something that a client or a child has to do. A loop that was delayed, by a paused
 * virtual machine, a stopped process or a long garbage collection, runs its timers before it reads what arrived in time, and
 * another loop may be just as late. So a limit that has passed is checked once more, after at most {@link #GRACE_NANOS}, before
 * it takes effect. Confined to its event loop.
 */
public final class PatientTimer {
    /**
     * The most time between the two checks, in which loops that were delayed together read what has arrived. After a timer that
     * fired in time, the second check follows at once.
     */
    static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final EventLoop loop;
    private final LongSupplier clock;
    private final LongSupplier left;
    private final Runnable onOver;
    private @Nullable ScheduledFuture<?> check; // null when it is not running
    private long dueNanos;
    private boolean lookedOnce; // whether the first check has found that the time had passed

    /**
     * @param left gives the nanoseconds until the limit, which what has arrived meanwhile may have moved
     * @param onOver run on the loop when the limit has passed, and after the timer has stopped
     */
    public PatientTimer(EventLoop loop, LongSupplier left, Runnable onOver) {
        this(loop, System::nanoTime, left, onOver);
    }

    /** @param clock nanoseconds, by which the timer sees how late the loop is */
    public PatientTimer(EventLoop loop, LongSupplier clock, LongSupplier left, Runnable onOver) {
        this.loop = loop;
        this.clock = clock;
        this.left = left;
        this.onOver = onOver;
    }

    public void start() {
        lookedOnce = false;
        lookIn(left.getAsLong());
    }

    private void lookIn(long nanos) {
        dueNanos = clock.getAsLong() + nanos;
        check = loop.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        long more = left.getAsLong();
        if (more > 0) {
            lookedOnce = false;
            lookIn(more);
        } else if (!lookedOnce) {
            lookedOnce = true;
            lookIn(secondLook(clock.getAsLong() - dueNanos));
        } else {
            check = null;
            onOver.run();
        }
    }

    /** How long to wait until a loop that is this late has read what has arrived. */
    static long secondLook(long lateNanos) {
        return Math.max(0, Math.min(lateNanos, GRACE_NANOS));
    }

    public boolean isRunning() {
        return check != null;
    }

    /** Idempotent. */
    public void stop() {
        if (check != null) {
            check.cancel(false);
            check = null;
        }
    }
}
