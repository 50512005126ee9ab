package dev.relais.dispatch;

import dev.relais.admission.QueueConfig;
import dev.relais.admission.Refusals;
import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import dev.relais.functions.PhpFunction;
import dev.relais.functions.PoolSettings;
import dev.relais.http.MemoryBudgets;
import dev.relais.slot.SlotListener;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Builds the pools, and says which of them a function runs in: the common one, unless {@code functions.yaml} gives it another one. A pool
 * stays while there is one of its name; its workers come and go with the generations, also with other settings. Any thread.
 */
@Singleton
public class Pools {
    private final Balancer balancer;
    private final QueueConfig config;
    private final MemoryBudgets memory;
    private final Refusals refusals;
    private final Pool common;
    private final Map<String, Pool> named = new ConcurrentHashMap<>();

    @Inject
    public Pools(Balancer balancer, QueueConfig config, MemoryBudgets memory, Refusals refusals) {
        this.balancer = balancer;
        this.config = config;
        this.memory = memory;
        this.refusals = refusals;
        this.common = pool(balancer);
    }

    private Pool pool(Balancer ranking) {
        WaitingRoom<Runner> waitingRoom = new WaitingRoom<>(
                config,
                memory.heads()::capacity,
                Runtime.getRuntime().availableProcessors(),
                Pools::compiledMillis,
                refusals);
        return new Pool(ranking, waitingRoom, new Dispatch(ranking, waitingRoom, System::nanoTime));
    }

    /** 0 in a native executable, which compiles nothing. */
    private static long compiledMillis() {
        CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        return compilers != null && compilers.isCompilationTimeMonitoringSupported()
                ? compilers.getTotalCompilationTime()
                : 0;
    }

    /** The pool of all functions that have no other one. */
    public Pool common() {
        return common;
    }

    /** The pool that a function runs in. */
    public Pool of(PhpFunction function) {
        PoolSettings own = function.settings().pool();
        return own == null ? common : named(own.name());
    }

    /** The pool of this name, which is made when there is none. It has no workers then. */
    public Pool named(String name) {
        Pool known = named.get(name);
        return known != null ? known : named.computeIfAbsent(name, made -> pool(balancer.another()));
    }

    /** There is no pool of this name any more. Who has it still may wait in it. */
    public void forget(String name) {
        named.remove(name);
    }

    /** The waiting room of the common pool, for meters and status, which know nothing of runners. */
    @Produces
    @Singleton
    WaitingRoom<Runner> waitingRoom() {
        return common.waitingRoom();
    }

    /** The listener that workers of the common pool call when a slot becomes free. */
    @Produces
    @Singleton
    SlotListener slots() {
        return common.dispatch();
    }

    /** How many children of the common pool functions have reserved. */
    public int reserved() {
        return common.waitingRoom().permits().reserved();
    }

    /** Lets the limits follow what was observed. Called once in each interval of the sampler. */
    public void adapt() {
        common.dispatch().adapt();
        for (Pool pool : named.values()) {
            pool.dispatch().adapt();
        }
    }
}
