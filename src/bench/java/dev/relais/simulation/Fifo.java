package dev.relais.simulation;

/** Arrival times of waiting requests, the oldest first. */
final class Fifo {
    private double[] times = new double[8];
    private int first;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    void add(double time) {
        if (size == times.length) {
            double[] larger = new double[2 * size];
            for (int i = 0; i < size; i++) {
                larger[i] = times[(first + i) & (size - 1)];
            }
            times = larger;
            first = 0;
        }
        times[(first + size++) & (times.length - 1)] = time;
    }

    double remove() {
        double time = times[first];
        first = (first + 1) & (times.length - 1);
        size--;
        return time;
    }
}
