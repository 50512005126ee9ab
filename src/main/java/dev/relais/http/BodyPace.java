package dev.relais.http;

import java.util.concurrent.TimeUnit;

/**
 * How a client sends a body: it may pause for a limit, and must send so many bytes per second on average after the first limit (Apache's
 * MinRate has the same default). Time in which it is asked to wait does not count. Confined to the request's event loop.
 */
public final class BodyPace {
    /** Far more than anybody needs, and no overflow. */
    private static final long MOST_NANOS = TimeUnit.DAYS.toNanos(1);

    private final int minRate;
    private long lastNanos; // something came
    private long earnedNanos; // until when the minimum rate has been kept
    private boolean lingers;

    /** @param minRate bytes per second; 0: no minimum */
    public BodyPace(int minRate) {
        this.minRate = minRate;
    }

    /** The client is asked to send, from now on. */
    public void begin() {
        lastNanos = System.nanoTime();
        earnedNanos = lastNanos;
    }

    /** From now on, it must keep the rate all the time: what has come at once earns no time for later. */
    public void linger() {
        lingers = true;
        begin();
    }

    public void took(int bytes) {
        lastNanos = System.nanoTime();
        long earned = minRate == 0 ? 0 : earnedNanos - lastNanos + TimeUnit.SECONDS.toNanos(bytes) / minRate;
        earnedNanos = lastNanos + Math.min(earned, minRate == 0 || lingers ? 0 : MOST_NANOS);
    }

    /** How long the client has until it is too slow, if nothing comes; 0 or below when it is. */
    public long leftNanos(long limitNanos) {
        long now = System.nanoTime();
        return Math.min(lastNanos - now, earnedNanos - now) + limitNanos;
    }
}
