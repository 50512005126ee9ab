package dev.relais.simulation;

/**
 * What came of one run.
 *
 * @param p50 milliseconds from a request's arrival to its end
 * @param p99 likewise
 * @param waste per cent of all children's time in which one was idle while a request waited; an idle child of a worker ten times
 *     slower counts a tenth
 * @param onSlow per cent of the requests that ran on a slow worker
 * @param requests that were counted
 */
record Outcome(double p50, double p99, double waste, double onSlow, long requests) {}
