package dev.relais.simulation;

/** What a rule may look at: counts that are exact at any time, and the last samples, which are up to one interval old. */
final class Cluster {
    final int workers;
    final boolean central;
    private final int[] busy;
    private final int[] queued;
    private final IndexedSet free;
    int waiting;
    double now;

    // What the sampler saw last.
    final int[] sampledLoad;
    final long[] exchanges;
    final double[] relativeLatency;

    Cluster(int workers, boolean central) {
        this.workers = workers;
        this.central = central;
        busy = new int[workers];
        queued = new int[workers];
        sampledLoad = new int[workers];
        exchanges = new long[workers];
        relativeLatency = new double[workers];
        free = new IndexedSet(workers);
        for (int i = 0; i < workers; i++) {
            free.add(i);
        }
    }

    int busy(int worker) {
        return busy[worker];
    }

    /** Requests that it runs or has in its own queue. */
    int load(int worker) {
        return busy[worker] + queued[worker];
    }

    boolean isFree(int worker) {
        return busy[worker] < Scenario.CHILDREN;
    }

    /** The workers with a free child. */
    IndexedSet free() {
        return free;
    }

    void busy(int worker, int change) {
        busy[worker] += change;
        if (isFree(worker)) {
            free.add(worker);
        } else {
            free.remove(worker);
        }
    }

    void queued(int worker, int change) {
        queued[worker] += change;
    }
}
