package dev.relais.lifecycle;

import dev.relais.system.MemoryPlan;
import dev.relais.system.MemoryPlans;
import dev.relais.worker.Generation;
import dev.relais.worker.WorkerGroup;
import jakarta.inject.Singleton;

/** Works out what the gateway and PHP may take of the memory, with what the children have at the moment. Blocks. */
@Singleton
final class MemoryArithmetic implements MemoryPlans {
    private final Sizing sizing;
    private final WorkerGroup group;

    MemoryArithmetic(Sizing sizing, WorkerGroup group) {
        this.sizing = sizing;
        this.group = group;
    }

    @Override
    public MemoryPlan current() {
        Generation serving = group.serving();
        long child = serving == null ? -1 : group.childBytes();
        return serving == null || child < 0
                ? sizing.planned(sizing.childrenPerWorker())
                : sizing.measured(serving.size(), child);
    }
}
