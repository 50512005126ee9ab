package dev.relais.http;

/**
 * Judges how fast a client takes the bytes that wait for it, on a connection or in one stream. It may take nothing for the
 * write time; once that time has passed for the first time, it must also have taken a minimum number of bytes per second on
 * average. Time in which nothing waits does not count. It is asked from time to time, always by the same event loop.
 */
final class ClientPace {
    /** The result of a look. */
    enum Verdict {
        FINE,
        /** It has taken nothing for the write time. */
        STANDS_STILL,
        /** It takes too few bytes. */
        TOO_SLOW
    }

    private boolean waiting;
    private long waitedNanos; // for how long something has been waiting
    private long stillNanos; // since it last took something
    private long takenBefore; // when the waiting began
    private long takenLast; // when it was last looked at

    /**
     * @param waits whether bytes wait for the client
     * @param taken bytes that it has taken in all
     * @param elapsedNanos the time since the last look that counts: no more than the intended interval, since a process that
     *     was stopped has not looked, and 0 when it was not the client that delayed the bytes
     * @param writeNanos the write time
     * @param minRate bytes per second; 0: no minimum
     */
    Verdict look(boolean waits, long taken, long elapsedNanos, long writeNanos, int minRate) {
        if (!waits || !waiting) {
            waiting = waits;
            waitedNanos = 0;
            stillNanos = 0;
            takenBefore = taken;
            takenLast = taken;
            return Verdict.FINE;
        }
        waitedNanos += elapsedNanos;
        stillNanos = taken > takenLast ? 0 : stillNanos + elapsedNanos;
        takenLast = taken;
        if (stillNanos >= writeNanos) {
            return Verdict.STANDS_STILL;
        }
        double due = (waitedNanos - writeNanos) * (double) minRate / 1e9; // no overflow, whatever the rate
        return minRate > 0 && taken - takenBefore < due ? Verdict.TOO_SLOW : Verdict.FINE;
    }
}
