package dev.relais.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The worker with the least to do of all, which is known exactly; any of several such. */
final class LeastBusy implements Rule {
    private final List<IndexedSet> levels = new ArrayList<>(); // by load
    private final int[] levelOf;
    private int least;

    LeastBusy(int workers) {
        levelOf = new int[workers];
        levels.add(new IndexedSet(workers));
        for (int i = 0; i < workers; i++) {
            levels.get(0).add(i);
        }
    }

    @Override
    public void changed(Cluster cluster, int worker) {
        int load = cluster.load(worker);
        levels.get(levelOf[worker]).remove(worker);
        while (levels.size() <= load) {
            levels.add(new IndexedSet(cluster.workers));
        }
        levels.get(load).add(worker);
        levelOf[worker] = load;
        least = Math.min(least, load);
        while (levels.get(least).size() == 0) {
            least++;
        }
    }

    @Override
    public int choose(Cluster cluster, SplittableRandom random) {
        return cluster.central && least >= Scenario.CHILDREN
                ? -1
                : levels.get(least).draw(random);
    }
}
