package dev.relais.redis;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Keeps requests from waiting for a Redis that does not answer. It opens when about half of the last look-ups have failed; then, after a
 * pause, one look-up is let through: when it fails as well, the pause doubles. Any thread, no lock.
 */
final class RedisBreaker {
    static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(8);

    /** What a look-up counts after the next one. Failures in a row come to {@link #MOST} with the seventh. */
    private static final double KEPT = 0.9;

    private static final double MOST = 5;

    /**
     * @param failures the latest count most
     * @param pauseNanos 0 while it is closed
     * @param until when the next look-up is let through; only while it is open
     */
    private record State(double failures, long pauseNanos, long until, boolean trying) {
        static final State SOUND = new State(0, 0, 0, false);
    }

    private final LongSupplier nanos;
    private final AtomicReference<State> state = new AtomicReference<>(State.SOUND);

    /** @param nanos as {@link System#nanoTime} */
    RedisBreaker(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private State now() {
        return Objects.requireNonNull(state.get());
    }

    /** Whether Redis may be asked. Whoever asks tells afterwards how it went. */
    boolean admits() {
        State now = now();
        if (now.pauseNanos() == 0) {
            return true;
        }
        long time = nanos.getAsLong();
        if (time - now.until() < 0) {
            return false;
        }
        // One that is let through and never tells does not hold up the next one for longer than a pause.
        State next = new State(now.failures(), now.pauseNanos(), time + now.pauseNanos(), true);
        return state.compareAndSet(now, next);
    }

    void succeeded() {
        State now = now();
        boolean late = now.pauseNanos() > 0 && !now.trying(); // it was under way when the breaker opened
        if (now != State.SOUND && !late) {
            double failures = now.pauseNanos() == 0 ? now.failures() * KEPT : 0;
            state.compareAndSet(now, failures < 0.01 ? State.SOUND : new State(failures, 0, 0, false));
        }
    }

    void failed() {
        State now;
        State next;
        do {
            now = now();
            next = after(now);
        } while (!state.compareAndSet(now, next));
    }

    private State after(State now) {
        if (now.pauseNanos() > 0) {
            if (!now.trying()) {
                return now; // it was under way when the breaker opened
            }
            long pause = Math.min(2 * now.pauseNanos(), LONGEST_PAUSE_NANOS);
            return new State(now.failures(), pause, nanos.getAsLong() + pause, false);
        }
        double failures = now.failures() * KEPT + 1;
        return failures >= MOST
                ? new State(failures, FIRST_PAUSE_NANOS, nanos.getAsLong() + FIRST_PAUSE_NANOS, false)
                : new State(failures, 0, 0, false);
    }

    boolean isClosed() {
        return now().pauseNanos() == 0;
    }

    /** Redis was reached anew. */
    void reset() {
        state.set(State.SOUND);
    }

    String word() {
        State now = now();
        return now.pauseNanos() == 0 ? "closed" : now.trying() ? "half-open" : "open";
    }

    /** 0 closed, 1 half-open, 2 open. */
    int number() {
        State now = now();
        return now.pauseNanos() == 0 ? 0 : now.trying() ? 1 : 2;
    }
}
