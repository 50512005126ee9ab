package dev.relais.slot;

import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The pauses between a slot's attempts to connect. They double, for a master that takes long to load PHP's extensions, and one is cut short
 * when the master says that it serves. Confined to the event loop.
 */
final class ConnectPauses {
    private static final long FIRST_MILLIS = 4;
    private static final long LAST_MILLIS = 500;

    private final EventLoop loop;
    private final Runnable attempt;
    private long millis = FIRST_MILLIS;
    private @Nullable Future<?> running; // null while there is none

    /** @param attempt is run at the end of each pause */
    ConnectPauses(EventLoop loop, Runnable attempt) {
        this.loop = loop;
        this.attempt = attempt;
    }

    void begin() {
        running = loop.schedule(this::end, millis, TimeUnit.MILLISECONDS);
        millis = Math.min(2 * millis, LAST_MILLIS);
    }

    /** The next pause is the shortest again. */
    void reset() {
        millis = FIRST_MILLIS;
    }

    /** Ends the pause that is running, if there is one. */
    void cut() {
        reset();
        if (running != null && running.cancel(false)) {
            end();
        }
    }

    private void end() {
        running = null;
        attempt.run();
    }
}
