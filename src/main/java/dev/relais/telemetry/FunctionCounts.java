package dev.relais.telemetry;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/**
 * What one function's invocations were like, as counts that only grow; {@link FunctionWindow} makes of them what was lately. An invocation
 * adds to a few of them, and to two more when it has waited. Any thread.
 */
final class FunctionCounts {
    private final BucketCounts latencies = new BucketCounts();
    private final BucketCounts waits = new BucketCounts(); // of those that waited
    private final LongAdder all = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder files = new LongAdder();
    private final LongAdder scripts = new LongAdder();
    private final IntSupplier running;
    private final IntSupplier waiting;

    /** @param running how many of its invocations run now; {@code waiting} how many wait now for a child */
    FunctionCounts(IntSupplier running, IntSupplier waiting) {
        this.running = running;
        this.waiting = waiting;
    }

    /**
     * Counts an invocation that has ended.
     *
     * @param waitedNanos for how long it waited for a child; negative when it did not
     * @param byPhp whether PHP has given the answer
     * @param byFile whether a file is the answer, or something in its place
     */
    void ended(int status, long nanos, long waitedNanos, boolean byPhp, boolean byFile) {
        latencies.add(nanos);
        if (status >= 500) {
            failed.increment();
        } else if (status >= 400) {
            refused.increment();
        }
        if (byPhp) {
            scripts.increment();
        } else if (byFile && (status == 200 || status == 206 || status == 304)) {
            files.increment();
        }
        if (waitedNanos >= 0) {
            waits.add(waitedNanos);
        }
        all.increment(); // at last, so that whoever sees it sees the rest
    }

    /** How many there were. */
    long ended() {
        return all.sum();
    }

    int latency(int bucket) {
        return latencies.get(bucket);
    }

    int waited(int bucket) {
        return waits.get(bucket);
    }

    /** Those that were answered with a 5xx. */
    long failed() {
        return failed.sum();
    }

    Served served() {
        return new Served(all.sum(), failed.sum(), refused.sum(), files.sum(), scripts.sum());
    }

    int running() {
        return running.getAsInt();
    }

    int waiting() {
        return waiting.getAsInt();
    }
}
