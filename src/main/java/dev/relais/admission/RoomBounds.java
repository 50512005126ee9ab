package dev.relais.admission;

/**
 * How much a {@link WaitingRoom} holds. What bounds a crowd is time, the wait of each, and memory: a number of invocations is a bound
 * only where somebody has set one. Of both one function may take three quarters, so that a flood of one leaves places for the others.
 *
 * @param invocations that may wait; {@link Integer#MAX_VALUE}: any number
 * @param bytes that their requests may take in memory. All of it is never exceeded, because it is counted before they come here.
 */
public record RoomBounds(int invocations, long bytes) {
    /** How many of one function may wait, whatever they take. */
    int invocationsOfOne() {
        return invocations == Integer.MAX_VALUE ? invocations : invocations - invocations / 4;
    }

    /** How much the waiting requests of one function may take. */
    long bytesOfOne() {
        return bytes - bytes / 4;
    }

    /** How many may wait that take so many bytes each; for operators. */
    int places(int bytesOfEach) {
        return (int) Math.min(invocations, bytes / bytesOfEach);
    }
}
