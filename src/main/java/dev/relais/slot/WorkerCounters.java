package dev.relais.slot;

/**
 * What the workers with one number have done since the gateway's start, including those of former generations.
 *
 * @param exchanges finished ones
 * @param failures exchanges that broke off
 * @param bytesIn bytes received over FastCGI connections, including record headers
 * @param bytesOut bytes sent to PHP, counted in the same way
 * @param restarts of masters
 */
public record WorkerCounters(long exchanges, long failures, long bytesIn, long bytesOut, long restarts) {
    public static final WorkerCounters NONE = new WorkerCounters(0, 0, 0, 0, 0);

    public static WorkerCounters of(Worker worker, long restarts) {
        long exchanges = 0;
        long failures = 0;
        long in = 0;
        long out = 0;
        for (int i = 0; i < worker.size(); i++) {
            Slot slot = worker.slot(i);
            exchanges += slot.exchanges();
            failures += slot.failures();
            in += slot.bytesIn();
            out += slot.bytesOut();
        }
        return new WorkerCounters(exchanges, failures, in, out, restarts);
    }

    public WorkerCounters plus(WorkerCounters other) {
        return new WorkerCounters(
                exchanges + other.exchanges,
                failures + other.failures,
                bytesIn + other.bytesIn,
                bytesOut + other.bytesOut,
                restarts + other.restarts);
    }
}
