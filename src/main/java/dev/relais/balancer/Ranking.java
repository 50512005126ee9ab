package dev.relais.balancer;

import dev.relais.worker.Child;
import dev.relais.worker.Worker;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The workers sorted by score, best first, swapped whole; beside it one bit per place that says which of them may have a free
 * child.
 *
 * <p>The array is immutable. A bit may be set though the worker is full (a claimer then clears it), but is never missing for
 * long: a releaser frees its slot first and sets the bit after, a claimer clears it first and looks again after, and a new
 * ranking begins with all bits set, so that no claimer finds it before they are.
 */
final class Ranking {
    static final Ranking EMPTY = new Ranking(new Worker[0], new double[0], 0, 0, Long.MIN_VALUE / 2);

    private final Worker[] workers;
    private final double[] scores;
    private final int leading;
    private final int[] placeOf; // by worker id; -1: not in this ranking
    private final long sampledNanos;
    private final AtomicLongArray free;

    /**
     * @param workers sorted by score, owned by this object from now on
     * @param scores of the same order; lower is better
     * @param leading how many of them are within the tolerance of the best
     * @param ids one more than the highest worker id
     * @param sampledNanos {@link System#nanoTime} of the samples
     */
    Ranking(Worker[] workers, double[] scores, int leading, int ids, long sampledNanos) {
        this.workers = workers;
        this.scores = scores;
        this.leading = leading;
        this.sampledNanos = sampledNanos;
        this.placeOf = new int[ids];
        java.util.Arrays.fill(placeOf, -1);
        for (int i = 0; i < workers.length; i++) {
            placeOf[workers[i].id()] = i;
        }
        this.free = new AtomicLongArray((workers.length + 63) >> 6);
        for (int i = 0; i < workers.length; i++) {
            set(i >> 6, 1L << i);
        }
    }

    int size() {
        return workers.length;
    }

    Worker at(int place) {
        return workers[place];
    }

    double scoreAt(int place) {
        return scores[place];
    }

    int leading() {
        return leading;
    }

    /**
     * Claims a free child: of two workers drawn from the leading band the less busy one, else the best one that has any.
     *
     * @param band how many places to draw from, 1 to {@link #size}
     * @param random any 64 bits
     * @return null when no child is free
     */
    Child claim(int loop, int band, long random) {
        // Multiply-shift instead of a modulo: two indexes out of one number, without a division.
        int first = (int) ((random & 0xFFFF_FFFFL) * band >>> 32);
        Worker chosen = workers[first];
        if (band > 1) {
            int other = (int) ((random >>> 32) * (band - 1) >>> 32);
            Worker second = workers[other >= first ? other + 1 : other];
            if (second.busy() < chosen.busy()) {
                chosen = second;
            }
        }
        Child child = chosen.tryClaim(loop);
        return child != null ? child : claimByRank(loop);
    }

    private Child claimByRank(int loop) {
        for (int w = 0; w < free.length(); w++) {
            long bits;
            while ((bits = free.get(w)) != 0) {
                long bit = Long.lowestOneBit(bits);
                Worker worker = workers[(w << 6) + Long.numberOfTrailingZeros(bit)];
                Child child = worker.tryClaim(loop);
                if (child != null) {
                    return child;
                }
                clear(w, bit);
                if (worker.hasFree()) {
                    set(w, bit);
                }
            }
        }
        return null;
    }

    /** To be called after a slot of this worker was freed. */
    void markFree(Worker worker) {
        int place = worker.id() < placeOf.length ? placeOf[worker.id()] : -1;
        if (place >= 0) {
            set(place >> 6, 1L << place);
        }
    }

    private void set(int word, long bit) {
        long bits = free.get(word);
        while ((bits & bit) == 0 && !free.compareAndSet(word, bits, bits | bit)) {
            bits = free.get(word);
        }
    }

    private void clear(int word, long bit) {
        long bits = free.get(word);
        while ((bits & bit) != 0 && !free.compareAndSet(word, bits, bits & ~bit)) {
            bits = free.get(word);
        }
    }

    boolean isFresh(long nowNanos, long maxAgeNanos) {
        return nowNanos - sampledNanos <= maxAgeNanos;
    }
}
