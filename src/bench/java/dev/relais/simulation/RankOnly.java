package dev.relais.simulation;

import java.util.SplittableRandom;

/** Always the best of the last samples, by what it had to do then and how slow it was; with the gateway's queue the best with a free child. */
final class RankOnly implements Rule {
    private final RankOrder ranking;
    private final double[] scores;

    RankOnly(int workers) {
        ranking = new RankOrder(workers);
        scores = new double[workers];
        for (int i = 0; i < workers; i++) {
            ranking.open(i, true);
        }
    }

    @Override
    public void sampled(Cluster cluster) {
        for (int i = 0; i < scores.length; i++) {
            double latency = cluster.exchanges[i] == 0 ? 1 : cluster.relativeLatency[i] / cluster.exchanges[i];
            scores[i] = (1 + cluster.sampledLoad[i]) * latency;
        }
        ranking.sort(scores);
        for (int i = 0; i < scores.length; i++) {
            ranking.open(i, cluster.isFree(i));
        }
    }

    @Override
    public void changed(Cluster cluster, int worker) {
        ranking.open(worker, cluster.isFree(worker));
    }

    @Override
    public int choose(Cluster cluster, SplittableRandom random) {
        return cluster.central ? ranking.firstOpen() : ranking.at(0);
    }
}
