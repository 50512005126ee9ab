package dev.relais.lifecycle;

import dev.relais.body.Spool;
import dev.relais.dispatch.Pools;
import dev.relais.http.MemoryBudgets;
import dev.relais.slot.WorkerKind;
import dev.relais.system.ContainerSize;
import dev.relais.system.MemoryPlan;
import dev.relais.worker.GroupSize;
import dev.relais.worker.WorkersConfig;
import io.quarkus.runtime.ImageMode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Adds up what the gateway and PHP may take of the container's memory, and has the number of children follow the container's processors and
 * memory where it is not configured. Blocks for a short time; any thread.
 */
@Singleton
final class Sizing implements GroupSize {
    private final WorkersConfig config;
    private final Supplier<ContainerSize> container;
    private final Supplier<MemoryPlan.Gateway> gateway;
    private final LongSupplier shared;
    private final IntSupplier reserved;
    private final IntSupplier poolMasters;
    private final IntSupplier poolChildren;
    private final long memoryAtStart;

    @Inject
    Sizing(
            WorkersConfig config,
            WorkerKind kind,
            MemoryBudgets budgets,
            Spool spool,
            Pools pools,
            DeclaredPools declared) {
        this(
                config,
                ContainerSize::now,
                () -> gateway(budgets.total(), spool.memoryBytes()),
                kind::sharedBytes,
                pools::reserved,
                declared::masters,
                declared::children);
        WorkersConfig.check(config);
    }

    /**
     * @param gateway gives what the gateway takes
     * @param shared gives the bytes that the processes of one master share at most
     * @param reserved gives the number of children that functions have reserved
     * @param poolMasters gives the number of masters of pools
     * @param poolChildren gives the number of their children
     */
    Sizing(
            WorkersConfig config,
            Supplier<ContainerSize> container,
            Supplier<MemoryPlan.Gateway> gateway,
            LongSupplier shared,
            IntSupplier reserved,
            IntSupplier poolMasters,
            IntSupplier poolChildren) {
        this.config = config;
        this.container = container;
        this.gateway = gateway;
        this.shared = shared;
        this.reserved = reserved;
        this.poolMasters = poolMasters;
        this.poolChildren = poolChildren;
        this.memoryAtStart = container.get().memoryBytes();
    }

    /** Half of what clients' bytes may take waits in direct memory, in the queues of sockets; the rest is in the heap. */
    private static MemoryPlan.Gateway gateway(long clients, long spool) {
        long heap = Runtime.getRuntime().maxMemory();
        return ImageMode.current() == ImageMode.JVM
                ? new MemoryPlan.Gateway(heap, clients / 2, MemoryPlan.Gateway.OTHER_OF_JVM, spool)
                : new MemoryPlan.Gateway(
                        heap, Math.min(clients / 2, heap / 4), MemoryPlan.Gateway.OTHER_OF_EXECUTABLE, spool);
    }

    ContainerSize container() {
        return container.get();
    }

    /** As many as are configured, or as fit; but at least one more than functions have reserved. */
    @Override
    public int childrenPerWorker() {
        ContainerSize size = container.get();
        if (config.children().isPresent()) {
            return config.children().getAsInt();
        }
        int needed = reserved.getAsInt() == 0 ? 1 : reserved.getAsInt() / config.count() + 1;
        return Math.max(needed, WorkersConfig.childrenPerWorker(config, size.processors(), fit(size)));
    }

    /** How many children fit beside the gateway, the opcaches and the children of pools. */
    private long fit(ContainerSize size) {
        if (size.memoryBytes() == 0) {
            return Integer.MAX_VALUE;
        }
        MemoryPlan empty = plan(size, 0, MemoryPlan.USUAL_CHILD, false);
        return Math.max(0, empty.left() / MemoryPlan.USUAL_CHILD);
    }

    /**
     * The sum before any child has run.
     *
     * @param children of each worker
     */
    MemoryPlan planned(int children) {
        return plan(container.get(), config.count() * children, MemoryPlan.USUAL_CHILD, false);
    }

    /**
     * The sum for children that run.
     *
     * @param children of all common workers
     * @param child what one has for itself on average
     */
    MemoryPlan measured(int children, long child) {
        return plan(container.get(), children, child, true);
    }

    private MemoryPlan plan(ContainerSize size, int children, long child, boolean measured) {
        return new MemoryPlan(
                size.memoryBytes(),
                memoryAtStart,
                gateway.get(),
                config.count() + poolMasters.getAsInt(),
                shared.getAsLong(),
                children + poolChildren.getAsInt(),
                child,
                measured);
    }

    /** The number of workers. */
    int workers() {
        return config.count();
    }

    /** Whether the number of children follows the container. */
    boolean follows() {
        return config.children().isEmpty();
    }
}
