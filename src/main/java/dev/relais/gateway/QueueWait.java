package dev.relais.gateway;

import dev.relais.http.PatientTimer;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The wait of one invocation for a child. It is as long as configured, unless the client says that it gives up earlier.
 * Confined to the request's event loop.
 */
final class QueueWait {
    /**
     * A twentieth of a client's deadline is reserved for what the gateway does not see, which is the network time of the
     * request and of the answer.
     */
    private static final int WAY = 20;

    private final LongSupplier clock;
    private final long mostNanos;
    private final long headNanos;
    private final PatientTimer timer;
    private long maxWaitNanos;
    private long overNanos;
    private boolean begun;
    private long beganNanos; // once the wait has begun

    /**
     * @param clock nanoseconds, as {@link System#nanoTime}
     * @param mostNanos the longest wait of any invocation
     * @param headNanos when the request's head came
     * @param onOver run on the loop when the wait is over
     */
    QueueWait(EventLoop loop, LongSupplier clock, long mostNanos, long headNanos, Runnable onOver) {
        this.clock = clock;
        this.mostNanos = mostNanos;
        this.headNanos = headNanos;
        this.timer = new PatientTimer(loop, this::leftNanos, onOver);
    }

    /**
     * How long it can wait from now on, in nanoseconds. What the client's deadline leaves is reduced by what the function will
     * probably take.
     *
     * @param deadlineMillis how long the client waits for its answer, counted from the head; negative when the client does not
     *     say it
     * @param likelyNanos what the function will probably take
     */
    long maxWaitNanos(long deadlineMillis, long likelyNanos) {
        maxWaitNanos = mostNanos;
        if (deadlineMillis >= 0) {
            long deadline = TimeUnit.MILLISECONDS.toNanos(deadlineMillis);
            long left = headNanos + deadline - clock.getAsLong();
            maxWaitNanos = Math.max(0, Math.min(mostNanos, left - likelyNanos - deadline / WAY));
        }
        return maxWaitNanos;
    }

    /**
     * It has entered the waiting room. A second wait of the same invocation counts from the beginning of the first.
     *
     * @return the time at which the first began
     */
    long begin() {
        long now = clock.getAsLong();
        if (!begun) {
            begun = true;
            beganNanos = now;
        }
        overNanos = now + maxWaitNanos;
        timer.start();
        return now;
    }

    private long leftNanos() {
        return overNanos - clock.getAsLong();
    }

    /**
     * It has got a child.
     *
     * @return for how many nanoseconds it has waited; negative when it was not in the waiting room
     */
    long served() {
        if (!timer.isRunning()) {
            return -1;
        }
        timer.stop();
        return clock.getAsLong() - beganNanos;
    }

    /** It no longer waits. Idempotent. */
    void end() {
        timer.stop();
    }
}
