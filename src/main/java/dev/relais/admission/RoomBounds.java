package dev.relais.admission;

import java.util.function.LongSupplier;

/**
 * How much a {@link WaitingRoom} holds. A crowd is bounded by time, which is the wait of each invocation, and by memory. The
 * number of invocations is bounded only where that is configured. Of memory and number one function may take three quarters, so
 * that a flood of one function leaves places for the others.
 *
 * @param invocations that may wait; {@link Integer#MAX_VALUE}: any number
 * @param bytes gives how many bytes their requests may take in memory now. All of it is never exceeded, because it is counted before
 *     they come here.
 */
record RoomBounds(int invocations, LongSupplier bytes) {
    /** How many of one function may wait, whatever they take. */
    int invocationsOfOne() {
        return invocations == Integer.MAX_VALUE ? invocations : invocations - invocations / 4;
    }

    /** How much the waiting requests of one function may take. */
    long bytesOfOne() {
        long all = bytes.getAsLong();
        return all - all / 4;
    }

    /** How many may wait that take so many bytes each; for operators. */
    int places(int bytesOfEach) {
        return (int) Math.min(invocations, bytes.getAsLong() / bytesOfEach);
    }
}
