package dev.relais.service;

import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives a sign of life for as long as all threads run that have to. A token goes from one to the next, and the last one gives the sign; so
 * a thread that hangs keeps the sign away, which a timer on a thread of its own would not. One round follows another after a pause.
 */
final class Watchdog {
    /** Rounds for each sign that the service manager waits for: one may be late. */
    private static final int ROUNDS = 3;

    private final EventExecutor first;
    private final List<Executor> others;
    private final long pauseNanos;
    private final Runnable sign;

    /**
     * @param first a thread that has to run, and that counts the pauses
     * @param others threads that have to run, in any order
     * @param intervalNanos how long the service manager waits for a sign
     */
    Watchdog(EventExecutor first, List<Executor> others, long intervalNanos, Runnable sign) {
        this.first = first;
        this.others = others;
        this.pauseNanos = Math.max(1, intervalNanos / ROUNDS);
        this.sign = sign;
    }

    /**
     * How many nanoseconds the service manager waits for a sign of life (sd_watchdog_enabled(3)); 0 when it waits for none.
     *
     * @param process the number of this process
     * @return null when it cannot be read
     */
    static @Nullable Long intervalNanos(Map<String, String> environment, long process) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        String whose = environment.getOrDefault("WATCHDOG_PID", "");
        try {
            if (micros.isEmpty() || !whose.isEmpty() && Long.parseLong(whose) != process) {
                return 0L;
            }
            long value = Long.parseLong(micros);
            return value <= 0 ? null : TimeUnit.MICROSECONDS.toNanos(value);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    void start() {
        first.execute(() -> pass(0));
    }

    /** @param next the thread that has the token next; when there is none, the round is over */
    private void pass(int next) {
        if (next < others.size()) {
            try {
                others.get(next).execute(() -> pass(next + 1));
            } catch (RejectedExecutionException e) {
                return; // the gateway stops, for which there is another deadline
            }
            return;
        }
        sign.run();
        try {
            first.schedule(() -> pass(0), pauseNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return; // as above
        }
    }
}
