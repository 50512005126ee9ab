package dev.relais.warmup;

import org.jspecify.annotations.Nullable;

/**
 * Something that is tried, and may not take longer than others allow: it is over when it has ended by itself or when {@link #end} is called,
 * whichever comes first. {@link #interrupt} ends also what it waits for then. That it is over does not depend on the thread that tries
 * it: that one may be stuck, or may never come. Any thread.
 */
final class Attempt {
    private final Runnable onOver;
    private @Nullable Thread trying;
    private boolean over;

    /** @param onOver run once, as soon as it is over; does not block */
    Attempt(Runnable onOver) {
        this.onOver = onOver;
    }

    /**
     * Runs the task, unless it is over already. When this returns, or throws what the task throws, it is over.
     *
     * @return whether the task was run
     */
    boolean run(Runnable task) {
        try {
            boolean inTime = enter();
            if (inTime) {
                task.run();
            }
            return inTime;
        } finally {
            leave();
            end();
        }
    }

    /** Has it be over; its task may look at {@link #isOver} and end in order. Idempotent. */
    void end() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        onOver.run();
    }

    /** Has it be over, and ends the wait of a task that has not ended. */
    void interrupt() {
        end();
        synchronized (this) {
            if (trying != null) {
                trying.interrupt();
            }
        }
    }

    synchronized boolean isOver() {
        return over;
    }

    private synchronized boolean enter() {
        if (!over) {
            trying = Thread.currentThread();
        }
        return !over;
    }

    /** From here on no interrupt comes, and one that came too late does not disturb what the thread does next. */
    private synchronized void leave() {
        if (trying != null) {
            trying = null;
            Thread.interrupted();
        }
    }
}
