package dev.relais.simulation;

import dev.relais.balancer.Scores;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Relais' rule: among the workers whose score is within a tolerance two are drawn and the one with fewer busy children is taken, else
 * the best that has a free one. The score is {@code WorkerScore}: relative latency, smoothed over some samples.
 *
 * <p>A worker far slower than the usual one is held back: an idle child of it is taken only when the queue is so long that the
 * oldest request of it loses no more by the slow child than those behind it gain (a threshold on the queue is the best policy for
 * servers of two speeds: Lin and Kumar 1984). Held back, it is tried by single requests, and returns with one child, then two, four,
 * eight.
 */
final class LeadingBand implements Rule {
    /**
     * What there is to tune.
     *
     * @param tolerance scores up to so many times the reference are equally good
     * @param fromBest the reference is the best score; else the (lower) median of all
     * @param heldAbove a worker whose score is over so many times the median is held back; infinite: none ever is
     * @param patience the queue at which a held child is used, in multiples of (slowness - 1) * (children not held back); 0: at once
     * @param probeInterval seconds between two probes of a worker; infinite: its score drifts back to 1 instead, as it is without requests
     * @param probeShare one request in so many is a probe at most
     */
    record Knobs(
            double tolerance,
            boolean fromBest,
            double heldAbove,
            double patience,
            double probeInterval,
            int probeShare) {
        static final Knobs OURS = new Knobs(Scores.TOLERANCE, false, 3, 0.5, 1, 500);
        static final Knobs WITHOUT_HOLD_BACK =
                new Knobs(Scores.TOLERANCE, true, Double.POSITIVE_INFINITY, 0, Double.POSITIVE_INFINITY, 500);

        Knobs tolerance(double tolerance) {
            return new Knobs(tolerance, fromBest, heldAbove, patience, probeInterval, probeShare);
        }

        Knobs heldAbove(double heldAbove) {
            return new Knobs(tolerance, fromBest, heldAbove, patience, probeInterval, probeShare);
        }

        Knobs patience(double patience) {
            return new Knobs(tolerance, fromBest, heldAbove, patience, probeInterval, probeShare);
        }

        Knobs probes(double probeInterval, int probeShare) {
            return new Knobs(tolerance, fromBest, heldAbove, patience, probeInterval, probeShare);
        }
    }

    private final Knobs knobs;
    private final Scores scores;
    private final RankOrder ranking;
    private final double[] values;
    private final double[] probed;
    private final int[] limit; // children that may be used; fewer than all during a slow return
    private final boolean[] held;
    private final IndexedSet holding;
    private int leading;
    private double median = 1;
    private int goodChildren;
    private int sinceProbe;

    LeadingBand(int workers, Knobs knobs) {
        this.knobs = knobs;
        scores = new Scores(workers);
        ranking = new RankOrder(workers);
        values = new double[workers];
        probed = new double[workers];
        limit = new int[workers];
        held = new boolean[workers];
        holding = new IndexedSet(workers);
        Arrays.fill(limit, Scenario.CHILDREN);
        leading = workers;
        for (int i = 0; i < workers; i++) {
            ranking.open(i, true);
        }
    }

    @Override
    public void sampled(Cluster cluster) {
        for (int i = 0; i < values.length; i++) {
            boolean kept = held[i] && knobs.probeInterval < Double.POSITIVE_INFINITY && cluster.exchanges[i] == 0;
            if (!kept) {
                scores.next(i, cluster.exchanges[i], cluster.relativeLatency[i]);
            }
            values[i] = scores.value(i);
        }
        ranking.sort(values);
        median = values[ranking.at((values.length - 1) / 2)];
        double reference = knobs.fromBest ? values[ranking.at(0)] : median;
        leading = 0;
        while (leading < values.length && values[ranking.at(leading)] <= reference * knobs.tolerance) {
            leading++;
        }
        goodChildren = 0;
        for (int i = 0; i < values.length; i++) {
            hold(i, values[i] > median * knobs.heldAbove);
            goodChildren += held[i] ? 0 : limit[i];
            changed(cluster, i);
        }
    }

    private void hold(int worker, boolean back) {
        if (back) {
            holding.add(worker);
            limit[worker] = 0;
        } else {
            holding.remove(worker);
            limit[worker] = Math.min(Scenario.CHILDREN, Math.max(1, 2 * limit[worker]));
        }
        held[worker] = back;
    }

    @Override
    public void changed(Cluster cluster, int worker) {
        ranking.open(worker, isOpen(cluster, worker));
    }

    private boolean isOpen(Cluster cluster, int worker) {
        return cluster.busy(worker) < limit[worker];
    }

    @Override
    public int choose(Cluster cluster, SplittableRandom random) {
        int worker = probe(cluster, random);
        if (worker < 0) {
            worker = cluster.central ? free(cluster, random) : ofTwo(cluster, random);
        }
        sinceProbe += worker < 0 ? 0 : 1;
        return worker;
    }

    private int probe(Cluster cluster, SplittableRandom random) {
        if (holding.size() == 0 || sinceProbe < knobs.probeShare) {
            return -1;
        }
        int worker = holding.draw(random);
        if (cluster.load(worker) > 0 || cluster.now - probed[worker] < knobs.probeInterval) {
            return -1;
        }
        probed[worker] = cluster.now;
        sinceProbe = 0;
        return worker;
    }

    private int free(Cluster cluster, SplittableRandom random) {
        int worker = ofTwo(cluster, random);
        worker = isOpen(cluster, worker) ? worker : ranking.firstOpen();
        if (worker >= 0 || holding.size() == 0) {
            return worker;
        }
        int slow = holding.draw(random);
        double enough = knobs.patience * (values[slow] / median - 1) * goodChildren;
        return cluster.isFree(slow) && cluster.waiting >= enough ? slow : -1;
    }

    private int ofTwo(Cluster cluster, SplittableRandom random) {
        int first = ranking.at(random.nextInt(leading));
        int second = ranking.at(random.nextInt(leading));
        return cluster.load(second) < cluster.load(first) ? second : first;
    }
}
