package dev.relais.slot;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The free slots of a worker, with one bit for each slot. A claim is one compare-and-set that clears a bit, and a release is
 * one that sets it; neither allocates. Slots are identified by their index. Any thread.
 */
final class FreeSlots {
    private final int size;
    private final int loops;
    private final int offset;
    private final AtomicLongArray free;
    private final long[][] local; // [event loop][word]: the slots whose connection lives on that loop

    /**
     * No slot is free at first.
     *
     * @param loops over which the slots are spread in turn
     * @param offset of the first slot's loop, so that every loop gets some slots even if each worker has few
     */
    FreeSlots(int size, int loops, int offset) {
        this.size = size;
        this.loops = loops;
        this.offset = offset;
        this.free = new AtomicLongArray((size + 63) >> 6);
        this.local = new long[loops][free.length()];
        for (int i = 0; i < size; i++) {
            local[loopOf(i)][i >> 6] |= 1L << i;
        }
    }

    /** The event loop that the connection of this slot lives on. */
    int loopOf(int slot) {
        return (slot + offset) % loops;
    }

    /** The number of slots that are not free, which is exact at the instant it is read. */
    int taken() {
        int count = size;
        for (int w = 0; w < free.length(); w++) {
            count -= Long.bitCount(free.get(w));
        }
        return count;
    }

    boolean isFree(int slot) {
        return (free.get(slot >> 6) & 1L << slot) != 0;
    }

    boolean isAny() {
        for (int w = 0; w < free.length(); w++) {
            if (free.get(w) != 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Claims a free slot. A slot whose connection is on the given loop is preferred, so that the exchange needs no hop between
     * loops, and among those the lowest one, so that few children do the work and stay warm.
     *
     * @return -1 when none is free
     */
    int claim(int loop) {
        for (int w = 0; w < free.length(); w++) {
            int slot = claimOf(w, local[loop][w]);
            if (slot >= 0) {
                return slot;
            }
        }
        if (local.length == 1) {
            return -1;
        }
        for (int w = 0; w < free.length(); w++) {
            int slot = claimOf(w, -1L);
            if (slot >= 0) {
                return slot;
            }
        }
        return -1;
    }

    private int claimOf(int word, long mask) {
        long bits;
        while (((bits = free.get(word)) & mask) != 0) {
            long bit = Long.lowestOneBit(bits & mask);
            if (free.compareAndSet(word, bits, bits & ~bit)) {
                return (word << 6) + Long.numberOfTrailingZeros(bit);
            }
        }
        return -1;
    }

    /** Makes a slot that is not free claimable by all. */
    void release(int slot) {
        long bit = 1L << slot;
        long bits;
        do {
            bits = free.get(slot >> 6);
            assert (bits & bit) == 0 : "slot released twice";
        } while (!free.compareAndSet(slot >> 6, bits, bits | bit));
    }

    /**
     * Takes a slot out of the free ones.
     *
     * @return false when it was not free, because it is claimed
     */
    boolean withdraw(int slot) {
        long bit = 1L << slot;
        long bits;
        do {
            bits = free.get(slot >> 6);
            if ((bits & bit) == 0) {
                return false;
            }
        } while (!free.compareAndSet(slot >> 6, bits, bits & ~bit));
        return true;
    }
}
