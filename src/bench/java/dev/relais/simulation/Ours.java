package dev.relais.simulation;

import dev.relais.balancer.Knobs;
import dev.relais.balancer.SimulatedWorkers;
import java.util.SplittableRandom;

/**
 * Relais' rule, by the product's own classes: with the gateway's queue {@code Balancer.claim}. With queues per worker, which Relais does not
 * have, two are drawn from its leading band and the one with less to do is taken; a probe comes before that.
 */
final class Ours implements Rule {
    private final SimulatedWorkers workers;

    Ours(int workers, Knobs knobs) {
        this.workers = new SimulatedWorkers(workers, Scenario.CHILDREN, knobs);
    }

    @Override
    public int choose(Cluster cluster, SplittableRandom random) {
        if (cluster.central) {
            return workers.claim(cluster.waiting, cluster.now, random.nextLong());
        }
        int probed = workers.claimOfProbe();
        return probed >= 0 ? probed : ofTwo(cluster, random);
    }

    private int ofTwo(Cluster cluster, SplittableRandom random) {
        int first = workers.at(random.nextInt(workers.leading()));
        int second = workers.at(random.nextInt(workers.leading()));
        return cluster.load(second) < cluster.load(first) ? second : first;
    }

    @Override
    public void sampled(Cluster cluster) {
        workers.sample(cluster.now);
    }

    @Override
    public void ended(Cluster cluster, int worker, double relativeLatency) {
        workers.ended(worker, relativeLatency, cluster.now);
    }

    @Override
    public void changed(Cluster cluster, int worker) {
        workers.busy(worker, cluster.busy(worker));
    }
}
