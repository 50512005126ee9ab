package dev.relais.balancer;

import dev.relais.slot.Slot;
import dev.relais.slot.Slots;
import dev.relais.slot.Worker;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** A balancer with a ranking of such workers. */
public final class Rankings {
    private final Balancer balancer = new Balancer(Duration.ofDays(1).toNanos(), Tuning.RELAIS);

    public Rankings(List<Worker> workers) {
        balancer.rank(workers, Collections.nCopies(workers.size(), WorkerScore.UNKNOWN), System.nanoTime());
    }

    public Slot claim(long nowNanos) {
        return balancer.claim(0, nowNanos);
    }

    public void release(Slot slot) {
        Slots.free(slot);
        balancer.released(slot.worker());
    }
}
