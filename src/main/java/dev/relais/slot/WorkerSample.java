package dev.relais.slot;

/**
 * What the sampler saw of one worker: counters since the gateway's start.
 *
 * @param exchanges finished ones
 * @param failures exchanges that broke off
 * @param relativeLatencySum sum over {@code exchanges} of the latency relative to the function's usual one
 * @param failureWeightSum sum over {@code failures} of how unusual they were for their functions, 0 to 1
 * @param leastRunning the least of the relative ages of the running exchanges; 0 when only one runs, which may just be a long
 *     one
 * @param slowRun how many of the last exchanges in a row took over three times as long as usual
 */
public record WorkerSample(
        long exchanges,
        long failures,
        double relativeLatencySum,
        double failureWeightSum,
        double leastRunning,
        int slowRun) {
    /** Ten slow exchanges in a row are no chance: even where one exchange in four is slow, that happens once in a million. */
    public static final int LONG_RUN = SlowRun.LONG;

    /**
     * Reads one worker's counters. Any thread.
     *
     * @param nowNanos the time by the clock of its slots
     */
    public static WorkerSample of(Worker worker, long nowNanos) {
        long exchanges = 0;
        long failures = 0;
        double latencies = 0;
        double weights = 0;
        double least = Double.POSITIVE_INFINITY;
        int running = 0;
        for (int i = 0; i < worker.size(); i++) {
            Slot slot = worker.slot(i);
            exchanges += slot.exchanges();
            failures += slot.failures();
            latencies += slot.relativeLatencySum();
            weights += slot.failureWeightSum();
            double age = slot.relativeAge(nowNanos);
            least = age >= 0 ? Math.min(least, age) : least;
            running += age >= 0 ? 1 : 0;
        }
        return new WorkerSample(
                exchanges,
                failures,
                latencies,
                weights,
                running >= Math.min(2, worker.size()) ? least : 0,
                worker.slowRun().length());
    }
}
