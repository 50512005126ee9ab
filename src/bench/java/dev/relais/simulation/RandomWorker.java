package dev.relais.simulation;

import java.util.SplittableRandom;

/** Any worker. */
final class RandomWorker implements Rule {
    @Override
    public int choose(Cluster cluster, SplittableRandom random) {
        if (!cluster.central) {
            return random.nextInt(cluster.workers);
        }
        return cluster.free().size() == 0 ? -1 : cluster.free().draw(random);
    }
}
