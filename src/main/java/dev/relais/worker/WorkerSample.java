package dev.relais.worker;

/**
 * What the sampler saw of one worker: counters since the gateway's start, and memory now.
 *
 * @param exchanges finished ones
 * @param failures exchanges that broke off
 * @param relativeLatencySum sum over {@code exchanges} of the latency relative to the function's usual one
 * @param residentBytes of the master, or -1 when it cannot be read; a child's pages are mostly shared, so they are not added up
 */
public record WorkerSample(long exchanges, long failures, double relativeLatencySum, long residentBytes) {}
