package dev.relais.slot;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The time limit of one exchange after another. It counts PHP's time: while PHP is held back for a client it stands still. One timer serves many of them: it is moved when a deadline is nearer, and left alone
 * when it is not. Confined to its event loop.
 */
final class TimeLimit {
    /** In which a loop that was held up reads what had come. A check that fires in time adds no more than its lateness. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final EventLoop loop;
    private final Runnable onOver;
    private boolean running;
    private boolean lookedOnce; // and it had passed
    private long deadlineNanos; // moved on when PHP goes on
    private boolean held;
    private long heldSinceNanos;
    private ScheduledFuture<?> check; // fires at the deadline or before it, then looks again; null: none
    private long checkNanos;

    /** @param onOver run on the loop, once for each limit that passes */
    TimeLimit(EventLoop loop, Runnable onOver) {
        this.loop = loop;
        this.onOver = onOver;
    }

    void begin(long deadline) {
        running = true;
        held = false;
        lookedOnce = false;
        deadlineNanos = deadline;
        checkBy(deadline);
    }

    /** In time. */
    void end() {
        running = false;
    }

    /** PHP waits for somebody else from now on. */
    void hold() {
        if (running && !held) {
            held = true;
            heldSinceNanos = System.nanoTime();
        }
    }

    /** PHP works again, with what was left of its time. */
    void goOn() {
        if (held) {
            held = false;
            lookedOnce = false;
            deadlineNanos += System.nanoTime() - heldSinceNanos;
            if (running) {
                checkBy(deadlineNanos);
            }
        }
    }

    /** Of the limit last begun; below 0 when it has passed. */
    long leftNanos() {
        return deadlineNanos - (held ? heldSinceNanos : System.nanoTime());
    }

    private void checkBy(long deadline) {
        if (check == null || deadline - checkNanos < 0) {
            if (check != null) {
                check.cancel(false);
            }
            checkNanos = deadline;
            check = loop.schedule(this::onCheck, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
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
            // A loop that was held up runs its timers before it reads what came in time, of which one turn may bring a
            // part.
            lookedOnce = true;
            long late = System.nanoTime() - checkNanos;
            check = loop.schedule(this::onCheck, Math.max(0, Math.min(late, GRACE_NANOS)), TimeUnit.NANOSECONDS);
            return;
        }
        running = false;
        onOver.run();
    }
}
