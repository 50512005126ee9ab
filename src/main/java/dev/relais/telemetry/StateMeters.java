package dev.relais.telemetry;

import dev.relais.admission.CircuitBreakers;
import dev.relais.admission.Refusal;
import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import dev.relais.balancer.Ranked;
import dev.relais.functions.Functions;
import dev.relais.slot.RecycleReason;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerCounters;
import dev.relais.worker.WorkerGroup;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Meters that read the state of queue, workers and functions when they are scraped; nothing is counted on the hot path for them. */
@Singleton
public class StateMeters {
    private final MeterRegistry registry;
    private final WorkerGroup group;
    private final Balancer balancer;
    private final WaitingRoom room;
    private final CircuitBreakers breakers;
    private final Functions functions;

    @Inject
    StateMeters(
            MeterRegistry registry,
            WorkerGroup group,
            Balancer balancer,
            WaitingRoom room,
            CircuitBreakers breakers,
            Functions functions) {
        this.registry = registry;
        this.group = group;
        this.balancer = balancer;
        this.room = room;
        this.breakers = breakers;
        this.functions = functions;
    }

    /** Registers all; after the worker group has started. */
    public void bind() {
        Gauge.builder("relais.queue.length", room, WaitingRoom::length)
                .description("Invocations waiting for a free PHP child")
                .register(registry);
        Gauge.builder("relais.queue.capacity", room, WaitingRoom::capacity)
                .description("Invocations that may wait")
                .register(registry);
        Gauge.builder("relais.concurrency.limit", room, r -> r.permits().usable())
                .description("Invocations that may run at a time")
                .register(registry);
        for (Refusal reason : Refusal.values()) {
            FunctionCounter.builder("relais.refusals", room, r -> r.refusals().of(reason))
                    .description("Invocations refused with 503 or 429")
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("relais.functions", functions, f -> f.current().size())
                .description("Functions in the registry")
                .register(registry);
        Gauge.builder("relais.functions.poisoned", breakers, b -> b.open().size())
                .description("Functions refused because they kill the PHP processes that run them")
                .register(registry);
        reloads("success", f -> f.status().reloads());
        reloads("failure", f -> f.status().failedReloads());
        for (RecycleReason reason : RecycleReason.values()) {
            FunctionCounter.builder("relais.children.recycled", group, g -> g.recycled(reason))
                    .description("PHP children replaced though they worked")
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        FunctionCounter.builder("relais.run.directory.mended", group, WorkerGroup::mended)
                .description("Files of the run directory that were gone and are written anew")
                .register(registry);
        for (int place = 0; place < group.workers().size(); place++) {
            bind(place);
        }
    }

    private void reloads(String result, ToDoubleFunction<Functions> count) {
        FunctionCounter.builder("relais.registry.reloads", functions, count)
                .description("Publications of the function registry, and attempts that failed")
                .tag("result", result)
                .register(registry);
    }

    /** By place, which the workers of one generation after the other take: so labels stay few, and counters never go back. */
    private void bind(int place) {
        gauge("relais.worker.children", "PHP children of the worker", place, Worker::size);
        gauge("relais.worker.children.busy", "PHP children running a script or not ready", place, Worker::busy);
        Gauge.builder("relais.worker.children.lost", group, g -> g.workers().stream()
                        .filter(worker -> worker.id() == place)
                        .mapToInt(g::lost)
                        .sum())
                .description("PHP children that have not answered for longer than relais.workers.start-timeout")
                .tag("worker", Integer.toString(place))
                .register(registry);
        gauge(
                "relais.worker.score",
                "Score of the worker; 1 is usual, lower is better",
                place,
                w -> of(w, Ranked::score));
        gauge(
                "relais.worker.allowance",
                "PHP children that may be used: all, fewer during a slow return, 0 of a worker held back or ejected",
                place,
                w -> of(w, Ranked::allowance));
        counter("relais.worker.restarts", "Restarts of the worker's master", place, WorkerCounters::restarts);
        counter("relais.worker.exchanges", "Finished FastCGI exchanges", place, WorkerCounters::exchanges);
        counter("relais.fastcgi.errors", "FastCGI exchanges that broke off", place, WorkerCounters::failures);
        bytes("in", place, WorkerCounters::bytesIn);
        bytes("out", place, WorkerCounters::bytesOut);
    }

    private void bytes(String direction, int place, ToDoubleFunction<WorkerCounters> count) {
        FunctionCounter.builder("relais.fastcgi.bytes", group, g -> count.applyAsDouble(g.counters(place)))
                .description("Bytes moved over FastCGI connections, records included")
                .tag("worker", Integer.toString(place))
                .tag("direction", direction)
                .register(registry);
    }

    /** Of the worker that serves at this place; NaN while none does. */
    private void gauge(String name, String text, int place, ToDoubleFunction<Worker> value) {
        Gauge.builder(name, group, g -> {
                    List<Worker> workers = g.workers();
                    return place < workers.size() ? value.applyAsDouble(workers.get(place)) : Double.NaN;
                })
                .description(text)
                .tag("worker", Integer.toString(place))
                .register(registry);
    }

    private void counter(String name, String text, int place, ToDoubleFunction<WorkerCounters> value) {
        FunctionCounter.builder(name, group, g -> value.applyAsDouble(g.counters(place)))
                .description(text)
                .tag("worker", Integer.toString(place))
                .register(registry);
    }

    private double of(Worker worker, ToDoubleFunction<Ranked> value) {
        for (Ranked ranked : balancer.ranked()) {
            if (ranked.worker() == worker) {
                return value.applyAsDouble(ranked);
            }
        }
        return Double.NaN;
    }
}
