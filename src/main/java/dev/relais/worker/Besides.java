package dev.relais.worker;

import dev.relais.slot.SlotListener;
import dev.relais.slot.WorkerLauncher;
import dev.relais.slot.WorkerListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Single workers beside the generations, which are never ranked with theirs: each is a generation of its own that serves nobody but who has
 * asked for it. Any thread.
 */
final class Besides {
    private record One(Generation generation, ScheduledFuture<?> look) {}

    private final GroupParts parts;
    private final WorkerMaker maker;
    private final List<One> all = new CopyOnWriteArrayList<>();

    Besides(GroupParts parts, WorkerMaker maker) {
        this.parts = parts;
        this.maker = maker;
    }

    /**
     * Starts a worker and returns at once.
     *
     * @param place from 0; its number follows those of the other workers
     * @param number of the generation that serves
     * @param launcher starts its master
     */
    Generation begin(
            int place, int children, int number, WorkerLauncher launcher, SlotListener slots, WorkerListener changes) {
        GroupParts own = new GroupParts(
                new OneWorker(parts.config()),
                launcher.sized(children),
                maker.from(parts.config().count() + place, slots, changes),
                children,
                parts.events(),
                parts.supervisor(),
                parts.host(),
                parts.random(),
                parts.nanos(),
                parts.clock());
        Generation started = new Generation(number, own);
        started.start();
        long interval = parts.config().startTimeout().toNanos() / 4;
        all.add(new One(
                started,
                parts.supervisor()
                        .scheduleWithFixedDelay(
                                () -> started.look(interval), interval, interval, TimeUnit.NANOSECONDS)));
        return started;
    }

    /** Those that have processes. */
    List<Generation> all() {
        return all.stream().map(One::generation).toList();
    }

    /** Forgets a worker that ends. */
    void remove(Generation ended) {
        for (One one : all) {
            if (one.generation() == ended) {
                one.look().cancel(false);
                all.remove(one);
            }
        }
    }
}
