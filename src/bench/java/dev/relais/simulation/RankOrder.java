package dev.relais.simulation;

import java.util.Arrays;
import java.util.Comparator;

/** Workers sorted by a score, best first, and a bit for each place whose worker may be taken. */
final class RankOrder {
    private final Integer[] order;
    private final int[] placeOf;
    private final long[] open;

    RankOrder(int workers) {
        order = new Integer[workers];
        placeOf = new int[workers];
        open = new long[(workers + 63) >> 6];
        for (int i = 0; i < workers; i++) {
            order[i] = i;
            placeOf[i] = i;
        }
    }

    /** Forgets the bits. */
    void sort(double[] scores) {
        Arrays.sort(order, Comparator.comparingDouble(worker -> scores[worker]));
        for (int i = 0; i < order.length; i++) {
            placeOf[order[i]] = i;
        }
        Arrays.fill(open, 0);
    }

    int at(int place) {
        return order[place];
    }

    int size() {
        return order.length;
    }

    void open(int worker, boolean isOpen) {
        int place = placeOf[worker];
        long bit = 1L << place;
        open[place >> 6] = isOpen ? open[place >> 6] | bit : open[place >> 6] & ~bit;
    }

    /** The best worker whose bit is set, or -1. */
    int firstOpen() {
        for (int word = 0; word < open.length; word++) {
            if (open[word] != 0) {
                return order[(word << 6) + Long.numberOfTrailingZeros(open[word])];
            }
        }
        return -1;
    }
}
