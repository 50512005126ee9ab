package dev.relais.http;

import io.netty.channel.EventLoop;

/**
 * For how long an invocation's client has held PHP back, in sum. That time is not PHP's, so its time limit does not bound it, and
 * whoever reads slowly would keep a child busy for as long as he likes. Confined to its event loop.
 */
public final class ClientWait {
    private final PatientTimer timer;
    private long leftNanos; // when PHP was last held back
    private long sinceNanos;

    /** @param onOver run on the loop when the sum has been reached, once */
    public ClientWait(EventLoop loop, long nanos, Runnable onOver) {
        this.timer = new PatientTimer(loop, this::leftNow, onOver);
        this.leftNanos = nanos;
    }

    private long leftNow() {
        return leftNanos - (System.nanoTime() - sinceNanos);
    }

    /** PHP is held back from now on. */
    public void begin() {
        sinceNanos = System.nanoTime();
        timer.start();
    }

    /** It goes on. Idempotent. */
    public void end() {
        if (timer.isRunning()) {
            timer.stop();
            leftNanos = Math.max(0, leftNow());
        }
    }
}
