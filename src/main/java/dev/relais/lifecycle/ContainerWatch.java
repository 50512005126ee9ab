package dev.relais.lifecycle;

import dev.relais.events.ContainerEvent;
import dev.relais.events.Event;
import dev.relais.events.Events;
import dev.relais.http.MemoryBudgets;
import dev.relais.slot.RecycleReason;
import dev.relais.slot.Worker;
import dev.relais.system.ContainerSize;
import dev.relais.system.MemoryPlan;
import dev.relais.system.MemoryPlans;
import dev.relais.worker.Generations;
import dev.relais.worker.WorkerGroup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Looks each minute whether the container has another size, as after a resize of a pod in place: what clients may take in memory follows at
 * once, and the number of children with a new generation. Works the memory out then, and after children were recycled or replaced by
 * another generation. Confined to the thread of the ticks.
 */
@Singleton
final class ContainerWatch {
    static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Between two sums, since each measures some children. */
    static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** After so many looks another generation is asked for once more, when the one before was refused, for lack of memory for example. */
    private static final int PATIENCE = 10;

    private static final long MIB = 1 << 20;

    /** What it follows and whom it tells. */
    interface Gateway {
        ContainerSize container();

        /** How many children each worker that serves has; 0 when none does. */
        int children();

        /** How many each worker of the next generation would have. */
        int childrenThen();

        /** A number that changes with each recycled child and each generation. */
        long changes();

        /** Has another generation follow. */
        void switchTo(String reason);
    }

    private final Gateway gateway;
    private final Supplier<MemoryPlan> plan;
    private final DoubleConsumer budgets;
    private final Consumer<Event> events;
    private final LongSupplier nanos;
    private final long memoryAtStart;
    private ContainerSize last;
    private long lookedNanos;
    private long summedNanos;
    private long changes;
    private boolean fits = true;
    private int wanted; // children of each worker after the last resize; 0: there was none
    private int looks; // since another generation was asked for

    @Inject
    ContainerWatch(
            Sizing sizing,
            MemoryPlans plans,
            WorkerGroup group,
            Generations generations,
            MemoryBudgets budgets,
            Events events) {
        this(of(sizing, group, generations), plans::current, budgets::resize, events::add, System::nanoTime);
    }

    /**
     * @param budgets is told what part of the memory at the start there is now
     * @param nanos as {@link System#nanoTime}
     */
    ContainerWatch(
            Gateway gateway,
            Supplier<MemoryPlan> plan,
            DoubleConsumer budgets,
            Consumer<Event> events,
            LongSupplier nanos) {
        this.gateway = gateway;
        this.plan = plan;
        this.budgets = budgets;
        this.events = events;
        this.nanos = nanos;
        this.last = gateway.container();
        this.memoryAtStart = last.memoryBytes();
        this.lookedNanos = nanos.getAsLong();
        this.summedNanos = lookedNanos - LEAST_NANOS;
        this.changes = -1; // so that the first tick works the memory out
    }

    private static Gateway of(Sizing sizing, WorkerGroup group, Generations generations) {
        return new Gateway() {
            @Override
            public ContainerSize container() {
                return sizing.container();
            }

            @Override
            public int children() {
                List<Worker> workers = group.workers();
                return workers.isEmpty() ? 0 : workers.get(0).size();
            }

            @Override
            public int childrenThen() {
                return sizing.childrenPerWorker();
            }

            @Override
            public long changes() {
                long recycled = 0;
                for (RecycleReason reason : RecycleReason.values()) {
                    recycled += group.recycled(reason);
                }
                return recycled + generations.status().switches();
            }

            @Override
            public void switchTo(String reason) {
                generations.ask(reason);
            }
        };
    }

    /** One tick of the sampler. Blocks for a short time. */
    void tick() {
        long now = nanos.getAsLong();
        boolean resized = false;
        if (now - lookedNanos >= INTERVAL_NANOS) {
            lookedNanos = now;
            resized = look();
        }
        long current = gateway.changes();
        if (resized || current != changes && now - summedNanos >= LEAST_NANOS) {
            changes = current;
            summedNanos = now;
            sum();
        }
    }

    private boolean look() {
        ContainerSize size = gateway.container();
        if (size.isAsLargeAs(last)) {
            if (wanted != 0 && ++looks % PATIENCE == 0) {
                follow();
            }
            return false;
        }
        last = size;
        wanted = gateway.childrenThen();
        looks = 0;
        events.accept(new ContainerEvent.Resized(size.processors(), size.memoryBytes() / MIB, wanted));
        if (memoryAtStart > 0 && size.memoryBytes() > 0) {
            budgets.accept((double) size.memoryBytes() / memoryAtStart);
        }
        follow();
        return true;
    }

    private void follow() {
        if (gateway.children() != 0 && gateway.children() != wanted) {
            gateway.switchTo("the container has another size");
        }
    }

    private void sum() {
        MemoryPlan now = plan.get();
        if (now.fits() != fits) {
            fits = now.fits();
            events.accept(
                    fits
                            ? new ContainerEvent.MemoryFits(now.sum(), now.limit() / MIB)
                            : new ContainerEvent.MemoryShort(now.sum(), now.limit() / MIB));
        }
    }
}
