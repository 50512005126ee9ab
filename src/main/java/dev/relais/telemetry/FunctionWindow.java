package dev.relais.telemetry;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What one function's invocations were like in the last {@value #TICKS} ticks. Confined to the thread that ticks. */
final class FunctionWindow {
    /** How many ticks it looks back, which are as many seconds. */
    static final int TICKS = 10;

    /**
     * What ended in one tick.
     *
     * @param latencies and {@code waits} by bucket
     * @param ended how many they are
     */
    record Part(int[] latencies, int[] waits, long ended, long failed) {}

    private static final Part NOTHING = new Part(new int[LatencyBuckets.COUNT], new int[LatencyBuckets.COUNT], 0, 0);

    private final FunctionCounts counts;
    private int[] seenLatencies = NOTHING.latencies(); // its own ones since there was the first invocation
    private int[] seenWaits = NOTHING.waits();
    private final Part[] parts = new Part[TICKS];
    private final long[] nanos = new long[TICKS];
    private long seenEnded;
    private long seenFailed;
    private int next;

    FunctionWindow(FunctionCounts counts) {
        this.counts = counts;
        Arrays.fill(parts, NOTHING);
    }

    /** Whether these are the counts that it looks at. */
    boolean isOf(FunctionCounts others) {
        return counts == others;
    }

    /**
     * Another tick is over.
     *
     * @param passed its length in nanoseconds
     * @return what ended in it
     */
    Part tick(long passed) {
        long all = counts.ended();
        Part part = all == seenEnded ? NOTHING : more();
        seenEnded = all;
        parts[next] = part;
        nanos[next] = passed;
        next = (next + 1) % TICKS;
        return part;
    }

    /** Whether nothing has ended in the ticks that it looks back, and nothing runs or waits now: of many functions most are. */
    boolean isIdle() {
        for (Part part : parts) {
            if (part != NOTHING) {
                return false;
            }
        }
        return counts.running() == 0 && counts.waiting() == 0;
    }

    private Part more() {
        if (seenLatencies == NOTHING.latencies()) {
            seenLatencies = new int[LatencyBuckets.COUNT];
            seenWaits = new int[LatencyBuckets.COUNT];
        }
        long failed = counts.failed();
        int @Nullable [] latencies = null;
        int[] waits = NOTHING.waits();
        long ended = 0;
        for (int i = 0; i < LatencyBuckets.COUNT; i++) {
            int more = counts.latency(i) - seenLatencies[i];
            if (more != 0) {
                latencies = latencies == null ? new int[LatencyBuckets.COUNT] : latencies;
                latencies[i] = more;
                seenLatencies[i] += more;
                ended += more;
            }
            int waited = counts.waited(i) - seenWaits[i];
            if (waited != 0) {
                waits = waits == NOTHING.waits() ? new int[LatencyBuckets.COUNT] : waits;
                waits[i] = waited;
                seenWaits[i] += waited;
            }
        }
        Part part = latencies == null ? NOTHING : new Part(latencies, waits, ended, failed - seenFailed);
        seenFailed = failed;
        return part;
    }

    /** What it was like, with what runs and waits now. */
    Activity.Function now(String name) {
        int[] latencies = new int[LatencyBuckets.COUNT];
        int[] waits = new int[LatencyBuckets.COUNT];
        long ended = 0;
        long failed = 0;
        long passed = 0;
        for (int tick = 0; tick < TICKS; tick++) {
            Part part = parts[tick];
            passed += nanos[tick];
            if (part != NOTHING) {
                add(part.latencies(), latencies);
                add(part.waits(), waits);
                ended += part.ended();
                failed += part.failed();
            }
        }
        double seconds = Math.max(1, passed) / 1e9;
        return new Activity.Function(
                name,
                ended / seconds,
                failed / seconds,
                LatencyBuckets.quantile(latencies, 0, 0.5),
                LatencyBuckets.quantile(latencies, 0, 0.95),
                LatencyBuckets.quantile(latencies, 0, 0.99),
                LatencyBuckets.quantile(waits, Math.max(0, ended - sum(waits)), 0.95),
                counts.running(),
                counts.waiting());
    }

    static void add(int[] more, int[] to) {
        for (int i = 0; i < more.length; i++) {
            to[i] += more[i];
        }
    }

    static long sum(int[] counts) {
        long sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }
}
