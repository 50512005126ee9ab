package dev.relais.body;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Judges how fast a client sends the body of its request. It may pause for a time limit; once that limit has passed for the first
 * time, it must also have sent a minimum number of bytes per second on average, as Apache's MinRate demands. Time in
 * which Relais asks it to wait does not count. Confined to the request's event loop.
 */
final class BodyPace {
    /** The most time that bytes can earn, which is far more than is ever needed and too little to overflow. */
    private static final long MOST_NANOS = TimeUnit.DAYS.toNanos(1);

    private final int minRate;
    private final LongSupplier clock;
    private long lastNanos; // when bytes came last
    private long earnedNanos; // the time up to which the minimum rate has been kept
    private boolean lingers;

    /** @param minRate bytes per second; 0: no minimum */
    BodyPace(int minRate) {
        this(minRate, System::nanoTime);
    }

    /** @param clock nanoseconds */
    BodyPace(int minRate, LongSupplier clock) {
        this.minRate = minRate;
        this.clock = clock;
    }

    /** The client is asked to send, from now on. */
    void begin() {
        lastNanos = clock.getAsLong();
        earnedNanos = lastNanos;
    }

    /** From now on the client must keep the minimum rate all the time: bytes that come at once earn it no time for later. */
    void linger() {
        lingers = true;
        begin();
    }

    void took(int bytes) {
        lastNanos = clock.getAsLong();
        long earned = minRate == 0 ? 0 : earnedNanos - lastNanos + TimeUnit.SECONDS.toNanos(bytes) / minRate;
        earnedNanos = lastNanos + Math.min(earned, minRate == 0 || lingers ? 0 : MOST_NANOS);
    }

    /** How long the client has until it is too slow, if nothing comes; 0 or less when it already is. */
    long leftNanos(long limitNanos) {
        long now = clock.getAsLong();
        return Math.min(lastNanos - now, earnedNanos - now) + limitNanos;
    }
}
