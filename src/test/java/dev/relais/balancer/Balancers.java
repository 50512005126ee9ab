package dev.relais.balancer;

import dev.relais.slot.Worker;
import java.util.Collections;
import java.util.List;

/** Makes balancers for the tests of other rooms. */
public final class Balancers {
    private static final long MAX_AGE = Long.MAX_VALUE / 2;

    private Balancers() {}

    /** Without workers so far. */
    public static Balancer empty() {
        return new Balancer(MAX_AGE, Tuning.RELAIS);
    }

    /** Ranks these, which are as good as each other. */
    public static void rank(Balancer balancer, List<Worker> workers) {
        balancer.rank(workers, Collections.nCopies(workers.size(), new WorkerScore(1, 0)), 0);
    }
}
