package dev.relais.simulation;

import java.util.SplittableRandom;

/** Chooses a worker for a request. */
interface Rule {
    /**
     * With the gateway's queue: a worker with a free child, for the request that has waited longest, or -1 to let it wait though one
     * may be free. With queues per worker: any worker, into whose queue it goes when no child is free.
     *
     * @param random all chance comes from it
     */
    int choose(Cluster cluster, SplittableRandom random);

    /** The sampler has looked. */
    default void sampled(Cluster cluster) {}

    /** An exchange of this worker has ended, which took so many times as long as usual. */
    default void ended(Cluster cluster, int worker, double relativeLatency) {}

    /** A worker's load has changed. */
    default void changed(Cluster cluster, int worker) {}
}
