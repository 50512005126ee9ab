package dev.relais.simulation;

import java.util.SplittableRandom;

/** Of two drawn the one with less to do, which is known exactly (Mitzenmacher, "The Power of Two Choices"). */
final class TwoChoices implements Rule {
    @Override
    public int choose(Cluster cluster, SplittableRandom random) {
        if (cluster.central && cluster.free().size() == 0) {
            return -1;
        }
        int first = draw(cluster, random);
        int second = draw(cluster, random);
        return cluster.load(second) < cluster.load(first) ? second : first;
    }

    private static int draw(Cluster cluster, SplittableRandom random) {
        return cluster.central ? cluster.free().draw(random) : random.nextInt(cluster.workers);
    }
}
