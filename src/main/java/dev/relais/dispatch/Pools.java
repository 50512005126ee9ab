package dev.relais.dispatch;

import dev.relais.admission.QueueConfig;
import dev.relais.admission.Refusals;
import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import dev.relais.functions.PhpFunction;
import dev.relais.http.MemoryBudgets;
import dev.relais.slot.SlotListener;
import dev.relais.slot.WorkerKind;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/**
 * Builds the pools, and says which of them a function runs in. Today there is one, because there is one
 * {@link WorkerKind}; another kind becomes another {@link Pool} here, with a ranking and a waiting room of its own.
 */
@Singleton
public class Pools {
    private final Pool only;

    @Inject
    public Pools(WorkerKind kind, Balancer balancer, QueueConfig config, MemoryBudgets memory, Refusals refusals) {
        WaitingRoom<Runner> waitingRoom = new WaitingRoom<>(
                config,
                memory.heads()::capacity,
                Runtime.getRuntime().availableProcessors(),
                Pools::compiledMillis,
                refusals);
        this.only = new Pool(kind, balancer, waitingRoom, new Dispatch(balancer, waitingRoom, System::nanoTime));
    }

    /** 0 in a native executable, which compiles nothing. */
    private static long compiledMillis() {
        CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        return compilers != null && compilers.isCompilationTimeMonitoringSupported()
                ? compilers.getTotalCompilationTime()
                : 0;
    }

    /** The only pool that there is. */
    public Pool only() {
        return only;
    }

    /** The pool that a function runs in. */
    public Pool of(PhpFunction function) {
        return only;
    }

    /** The waiting room, for meters and status, which know nothing of runners. */
    @Produces
    @Singleton
    WaitingRoom<Runner> waitingRoom() {
        return only.waitingRoom();
    }

    /** The listener that workers call when a slot becomes free. */
    @Produces
    @Singleton
    SlotListener slots() {
        return only.dispatch();
    }

    /** How many children functions have reserved. */
    public int reserved() {
        return only.waitingRoom().permits().reserved();
    }

    /** Lets the limits follow what was observed. Called once in each interval of the sampler. */
    public void adapt() {
        only.dispatch().adapt();
    }
}
