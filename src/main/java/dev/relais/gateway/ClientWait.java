package dev.relais.gateway;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * For how long an invocation's client has held PHP back, in sum. That time is not PHP's, so its time limit does not bound it, and
 * whoever reads slowly would keep a child busy for as long as he likes. Confined to its event loop.
 */
final class ClientWait {
    private final EventLoop loop;
    private final Runnable onOver;
    private long leftNanos;
    private long sinceNanos;
    private ScheduledFuture<?> timer; // null: nobody waits

    /** @param onOver run on the loop when the sum has been reached, once */
    ClientWait(EventLoop loop, long nanos, Runnable onOver) {
        this.loop = loop;
        this.leftNanos = nanos;
        this.onOver = onOver;
    }

    /** PHP is held back from now on. */
    void begin() {
        sinceNanos = System.nanoTime();
        timer = loop.schedule(this::onTimer, leftNanos, TimeUnit.NANOSECONDS);
    }

    /** It goes on. Idempotent. */
    void end() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
            leftNanos = Math.max(0, leftNanos - (System.nanoTime() - sinceNanos));
        }
    }

    private void onTimer() {
        // A loop that was held up runs its timers before it sees what the client has taken meanwhile: one turn more.
        timer = loop.schedule(this::onTurn, 0, TimeUnit.NANOSECONDS);
    }

    private void onTurn() {
        timer = null;
        onOver.run();
    }
}
