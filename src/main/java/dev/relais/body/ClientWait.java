package dev.relais.body;

import dev.relais.http.PatientTimer;
import io.netty.channel.EventLoop;
import java.util.function.LongSupplier;

/**
 * Adds up for how long an invocation's client has held PHP back by reading slowly. The function's time limit does not count that
 * time, so without this bound a slow reader could keep a child busy for ever. Confined to its event loop.
 */
final class ClientWait {
    private final PatientTimer timer;
    private final LongSupplier clock;
    private long leftNanos; // when PHP was last held back
    private long sinceNanos;

    /** @param onOver run on the loop when the sum has been reached, once */
    ClientWait(EventLoop loop, long nanos, Runnable onOver) {
        this(loop, System::nanoTime, nanos, onOver);
    }

    /** @param clock nanoseconds */
    ClientWait(EventLoop loop, LongSupplier clock, long nanos, Runnable onOver) {
        this.clock = clock;
        this.timer = new PatientTimer(loop, clock, this::leftNow, onOver);
        this.leftNanos = nanos;
    }

    private long leftNow() {
        return leftNanos - (clock.getAsLong() - sinceNanos);
    }

    /** PHP is held back from now on. */
    void begin() {
        sinceNanos = clock.getAsLong();
        timer.start();
    }

    /** PHP goes on. Idempotent. */
    void end() {
        if (timer.isRunning()) {
            timer.stop();
            leftNanos = Math.max(0, leftNow());
        }
    }
}
