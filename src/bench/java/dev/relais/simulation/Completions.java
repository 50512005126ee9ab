package dev.relais.simulation;

import java.util.Arrays;

/** The exchanges that run, the next to end first: a heap of four branches on primitive arrays. */
final class Completions {
    private double[] times = new double[64];
    private double[] services = new double[64];
    private int[] workers = new int[64];
    private int size;

    /** Infinite when nothing runs. */
    double next() {
        return size == 0 ? Double.POSITIVE_INFINITY : times[0];
    }

    /** Seconds that the first has taken. */
    double service() {
        return services[0];
    }

    void add(double time, double service, int worker) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            services = Arrays.copyOf(services, 2 * size);
            workers = Arrays.copyOf(workers, 2 * size);
        }
        int place = size++;
        while (place > 0) {
            int parent = (place - 1) >> 2;
            if (times[parent] <= time) {
                break;
            }
            move(parent, place);
            place = parent;
        }
        set(place, time, service, worker);
    }

    /**
     * Takes the first out.
     *
     * @return its worker
     */
    int remove() {
        int first = workers[0];
        double time = times[--size];
        double service = services[size];
        int worker = workers[size];
        int place = 0;
        while (true) {
            int least = -1;
            double leastTime = time;
            int child = 4 * place + 1;
            for (int end = Math.min(child + 4, size); child < end; child++) {
                if (times[child] < leastTime) {
                    least = child;
                    leastTime = times[child];
                }
            }
            if (least < 0) {
                break;
            }
            move(least, place);
            place = least;
        }
        set(place, time, service, worker);
        return first;
    }

    private void set(int place, double time, double service, int worker) {
        times[place] = time;
        services[place] = service;
        workers[place] = worker;
    }

    private void move(int from, int to) {
        set(to, times[from], services[from], workers[from]);
    }
}
