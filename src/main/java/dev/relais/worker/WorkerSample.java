package dev.relais.worker;

/**
 * What the sampler saw of one worker: counters since the gateway's start, and memory now.
 *
 * @param exchanges finished ones
 * @param failures exchanges that broke off
 * @param relativeLatencySum sum over {@code exchanges} of the latency relative to the function's usual one
 * @param failureWeightSum sum over {@code failures} of how unusual they were for their functions, 0 to 1
 * @param leastRunning the least of the relative ages of the exchanges that run; 0 when only one does, which may just be a long one
 * @param slowRun how many of the last exchanges in a row took over three times as long as usual
 * @param residentBytes of the master, or -1 when it cannot be read; a child's pages are mostly shared, so they are not added up
 */
public record WorkerSample(
        long exchanges,
        long failures,
        double relativeLatencySum,
        double failureWeightSum,
        double leastRunning,
        int slowRun,
        long residentBytes) {
    /** So many slow exchanges in a row are no chance, even if one in four of a function's is slow: one in a million. */
    public static final int LONG_RUN = 10;
}
