package dev.relais.slot;

import java.util.concurrent.atomic.AtomicLong;

/** What one slot has done since the gateway's start. Counted on its event loop, read by any thread. */
abstract class SlotCounters {
    private final AtomicLong exchanges = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong bytesIn = new AtomicLong();
    private final AtomicLong bytesOut = new AtomicLong();
    final BusyTime busy = new BusyTime();
    private volatile double relativeLatencySum;
    private volatile double failureWeightSum;

    final void succeeded(double relativeLatency) {
        relativeLatencySum = relativeLatencySum + relativeLatency;
        exchanges.lazySet(exchanges.getPlain() + 1);
    }

    /** @param weight how unusual the failure is for its function, 0 to 1 */
    final void failed(double weight) {
        failureWeightSum = failureWeightSum + weight;
        failures.lazySet(failures.getPlain() + 1);
    }

    public final void transferred(int in, int out) {
        bytesIn.lazySet(bytesIn.getPlain() + in);
        bytesOut.lazySet(bytesOut.getPlain() + out);
    }

    public final long exchanges() {
        return exchanges.get();
    }

    public final long failures() {
        return failures.get();
    }

    public final long bytesIn() {
        return bytesIn.get();
    }

    public final long bytesOut() {
        return bytesOut.get();
    }

    /**
     * For how long it has run exchanges, the one that runs now included.
     *
     * @param nowNanos the time by the slot's clock
     */
    final long busyNanos(long nowNanos) {
        return busy.nanos(nowNanos);
    }

    /** Sum over {@link #failures} of how unusual they were for their functions. */
    public final double failureWeightSum() {
        return failureWeightSum;
    }

    /** Sum over {@link #exchanges} of the latency relative to the function's usual one. */
    public final double relativeLatencySum() {
        return relativeLatencySum;
    }
}
