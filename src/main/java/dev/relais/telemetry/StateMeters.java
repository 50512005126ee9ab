package dev.relais.telemetry;

import dev.relais.admission.Refusal;
import dev.relais.admission.WaitingRoom;
import dev.relais.slot.RecycleReason;
import dev.relais.slot.WorkerCounters;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkerGroups;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Meters whose values are read at a scrape from a {@link Snapshot}, so that all values of one scrape are of one moment. Meters
 * that count single events are read where the events are counted. Nothing is counted for them on the hot path.
 */
@Singleton
public class StateMeters {
    private final MeterRegistry registry;
    private final Snapshots snapshots;
    private final WaitingRoom<?> room;
    private final WorkerGroups groups;

    @Inject
    StateMeters(MeterRegistry registry, Snapshots snapshots, WaitingRoom<?> room, WorkerGroups groups) {
        this.registry = registry;
        this.snapshots = snapshots;
        this.room = room;
        this.groups = groups;
    }

    /**
     * Registers all meters.
     *
     * @param workers the number of places for workers
     */
    public void bind(int workers) {
        gauge("relais.queue.length", "Invocations waiting for a free PHP child", now -> now.queue()
                .length());
        gauge("relais.queue.capacity", "Invocations that may wait", now -> now.queue()
                .capacity());
        gauge("relais.concurrency.limit", "Invocations that may run at a time", now -> now.queue()
                .concurrency());
        gauge(
                "relais.functions.computing",
                "Functions that run or wait and are limited because they compute",
                now -> now.queue().computing());
        for (Refusal reason : Refusal.values()) {
            counter(
                    "relais.refusals",
                    "Invocations refused with 503 or 429",
                    Tags.of("reason", reason.name().toLowerCase(Locale.ROOT)),
                    room,
                    r -> r.refusals().of(reason));
        }
        gauge("relais.functions", "Functions in the registry", now -> now.functions()
                .functions());
        gauge(
                "relais.functions.poisoned",
                "Functions refused because they kill the PHP processes that run them",
                now -> now.poisoned().size());
        reloads("success", now -> now.functions().reloads());
        reloads("failure", now -> now.functions().failedReloads());
        for (RecycleReason reason : RecycleReason.values()) {
            counter(
                    "relais.children.recycled",
                    "PHP children replaced though they worked",
                    Tags.of("reason", reason.name().toLowerCase(Locale.ROOT)),
                    groups,
                    g -> g.recycled(reason));
        }
        counter(
                "relais.run.directory.mended",
                "Files of the run directory that were gone and are written anew",
                Tags.empty(),
                groups.main(),
                WorkerGroup::mended);
        for (int place = 0; place < workers; place++) {
            bindPlace(place);
        }
    }

    private void gauge(String name, String text, ToDoubleFunction<Snapshot> value) {
        Gauge.builder(name, snapshots, s -> value.applyAsDouble(s.recent()))
                .description(text)
                .register(registry);
    }

    private void reloads(String result, ToDoubleFunction<Snapshot> count) {
        counter(
                "relais.registry.reloads",
                "Publications of the function registry, and attempts that failed",
                Tags.of("result", result),
                snapshots,
                s -> count.applyAsDouble(s.recent()));
    }

    /**
     * Registers the meters of a place, which the workers of one generation after the other take. So there are few labels, and
     * counters never decrease.
     */
    private void bindPlace(int place) {
        gauge("relais.worker.children", "PHP children of the worker", place, Snapshot.Worker::size);
        gauge(
                "relais.worker.children.busy",
                "PHP children running a script or not ready",
                place,
                Snapshot.Worker::busy);
        gauge(
                "relais.worker.children.lost",
                "PHP children that have not answered for longer than relais.workers.start-timeout",
                place,
                Snapshot.Worker::lost);
        gauge("relais.worker.score", "Score of the worker; 1 is usual, lower is better", place, Snapshot.Worker::score);
        gauge(
                "relais.worker.allowance",
                "PHP children that may be used: all, fewer during a slow return, 0 of a worker held back or ejected",
                place,
                Snapshot.Worker::allowance);
        counter("relais.worker.restarts", "Restarts of the worker's master", place, WorkerCounters::restarts);
        counter("relais.worker.exchanges", "Finished FastCGI exchanges", place, WorkerCounters::exchanges);
        counter("relais.fastcgi.errors", "FastCGI exchanges that broke off", place, WorkerCounters::failures);
        bytes("in", place, WorkerCounters::bytesIn);
        bytes("out", place, WorkerCounters::bytesOut);
    }

    /** Registers a gauge of the worker that serves at this place; NaN while there is none. */
    private void gauge(String name, String text, int place, ToDoubleFunction<Snapshot.Worker> value) {
        Gauge.builder(name, snapshots, s -> of(s, place, value, Double.NaN))
                .description(text)
                .tag("worker", Integer.toString(place))
                .register(registry);
    }

    private void counter(String name, String text, int place, ToDoubleFunction<WorkerCounters> value) {
        counter(name, text, Tags.empty(), place, value);
    }

    private void counter(String name, String text, Tags more, int place, ToDoubleFunction<WorkerCounters> value) {
        counter(
                name,
                text,
                more.and("worker", Integer.toString(place)),
                snapshots,
                s -> of(s, place, worker -> value.applyAsDouble(worker.counters()), 0));
    }

    private <T> void counter(String name, String text, Tags tags, T source, ToDoubleFunction<T> count) {
        FunctionCounter.builder(name, source, count)
                .description(text)
                .tags(tags)
                .register(registry);
    }

    private void bytes(String direction, int place, ToDoubleFunction<WorkerCounters> count) {
        counter(
                "relais.fastcgi.bytes",
                "Bytes moved over FastCGI connections, records included",
                Tags.of("direction", direction),
                place,
                count);
    }

    private static double of(Snapshots snapshots, int place, ToDoubleFunction<Snapshot.Worker> value, double none) {
        Snapshot.Worker worker = snapshots.recent().worker(place);
        return worker == null ? none : value.applyAsDouble(worker);
    }
}
