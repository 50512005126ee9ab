package dev.relais;

/**
 * A mean that follows what is observed: each new value counts for one part in so many. Any thread may add a value, without a lock;
 * of two that race one may be lost, which matters little where so many count.
 */
public final class MovingMean {
    private final int most;
    private final int first;
    private volatile int count;
    private volatile double mean;

    private MovingMean(int most, int first) {
        this.most = most;
        this.first = first;
    }

    /** The first value counts as if all that make the mean had been like it, so that a second one does not turn it over. */
    public static MovingMean fromFirst(int values) {
        return new MovingMean(values, values);
    }

    /** Until there are so many values all of them count alike, so that few are enough to know. */
    public static MovingMean ofAll(int values) {
        return new MovingMean(values, 1);
    }

    /** @return the mean with this value in it */
    public double add(double value) {
        int seen = count;
        int now = seen == 0 ? first : Math.min(most, seen + 1);
        if (now != seen) {
            count = now;
        }
        double before = mean;
        double after = seen == 0 ? value : before + (value - before) / now;
        if (after != before) {
            mean = after;
        }
        return after;
    }

    /** 0 before the first value. */
    public double value() {
        return mean;
    }

    /** Whether as many values have come as make the mean, or the first one stands for them. */
    public boolean isFull() {
        return count == most;
    }
}
