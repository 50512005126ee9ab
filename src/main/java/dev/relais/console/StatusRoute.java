package dev.relais.console;

import dev.relais.Phase;
import dev.relais.admission.CircuitBreaker;
import dev.relais.admission.CircuitBreakers;
import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import dev.relais.balancer.Ranked;
import dev.relais.functions.Functions;
import dev.relais.slot.SlotStatus;
import dev.relais.slot.Worker;
import dev.relais.telemetry.MemoryMeters;
import dev.relais.worker.Generations;
import dev.relais.worker.WorkerGroup;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** {@code GET /q/relais}: functions, queue, workers and children as JSON. Reads snapshots and /proc, so on a worker thread; never asks a PHP child. */
@ApplicationScoped
public class StatusRoute {
    private final Phase phase;
    private final Functions functions;
    private final WaitingRoom room;
    private final CircuitBreakers breakers;
    private final WorkerGroup group;
    private final Balancer balancer;
    private final Generations generations;
    private final MemoryMeters memory;

    StatusRoute(
            Phase phase,
            Functions functions,
            WaitingRoom room,
            CircuitBreakers breakers,
            WorkerGroup group,
            Balancer balancer,
            Generations generations,
            MemoryMeters memory) {
        this.phase = phase;
        this.functions = functions;
        this.room = room;
        this.breakers = breakers;
        this.group = group;
        this.balancer = balancer;
        this.generations = generations;
        this.memory = memory;
    }

    void register(@Observes ManagementInterface management) {
        management
                .router()
                .route("/q/relais")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .blockingHandler(this::handle, false);
    }

    private void handle(RoutingContext context) {
        JsonAnswer.send(context, 200, status());
    }

    private JsonObject status() {
        Functions.Status loaded = functions.status();
        JsonArray workers = new JsonArray();
        for (Ranked ranked : balancer.ranked()) {
            workers.add(worker(ranked));
        }
        return new JsonObject()
                .put("draining", phase.isDraining())
                .put(
                        "functions",
                        new JsonObject()
                                .put("directory", loaded.directory().toString())
                                .put("count", loaded.functions())
                                .put("reloads", loaded.reloads())
                                .put("failedReloads", loaded.failedReloads())
                                .put("problem", loaded.problem())
                                .put(
                                        "changed",
                                        loaded.changed() == null
                                                ? null
                                                : loaded.changed().toString()))
                .put("generation", generation())
                .put("queue", new JsonObject().put("length", room.length()).put("capacity", room.capacity()))
                .put("memory", memory())
                .put("poisoned", poisoned())
                .put("workers", workers);
    }

    private JsonObject memory() {
        JsonObject kinds = new JsonObject();
        for (MemoryMeters.Part part : memory.parts()) {
            kinds.put(
                    part.kind(),
                    new JsonObject()
                            .put("bytes", part.used().getAsLong())
                            .put("capacity", part.capacity())
                            .put("refusals", part.refusals().getAsLong()));
        }
        return kinds;
    }

    private JsonArray poisoned() {
        JsonArray refused = new JsonArray();
        for (CircuitBreaker breaker : breakers.open()) {
            refused.add(new JsonObject()
                    .put("function", breaker.function())
                    .put("script", breaker.script())
                    .put(
                            "until",
                            Instant.now().plusNanos(breaker.pauseLeftNanos()).toString()));
        }
        return refused;
    }

    private JsonObject generation() {
        Generations.Status now = generations.status();
        return new JsonObject()
                .put("number", now.number())
                .put("since", now.since().toString())
                .put("mode", functions.reload().name().toLowerCase(Locale.ROOT))
                .put("state", now.state().name().toLowerCase(Locale.ROOT))
                .put("problem", now.problem())
                .put("switches", now.switches())
                .put("failures", now.failures())
                .put("refusals", now.refusals())
                .put("endedScripts", now.ended());
    }

    /** In the order of the ranking: best first. */
    private JsonObject worker(Ranked ranked) {
        Worker worker = ranked.worker();
        JsonArray children = new JsonArray();
        Instant now = Instant.now();
        for (SlotStatus child : group.slots(worker)) {
            children.add(child(child, now));
        }
        return new JsonObject()
                .put("id", worker.id())
                .put("master", group.masterPid(worker))
                .put("score", ranked.score())
                .put("state", ranked.state().name().toLowerCase(Locale.ROOT))
                .put("allowance", ranked.allowance())
                .put("restarts", group.restarts(worker))
                .put("lost", group.lost(worker))
                .put("problem", group.problem(worker))
                .put("busy", worker.busy())
                .put("children", children);
    }

    private static JsonObject child(SlotStatus child, Instant now) {
        Instant started = child.started();
        return new JsonObject()
                .put("pid", child.pid())
                .put("state", child.state().name().toLowerCase(Locale.ROOT))
                .put("function", child.function())
                .put("started", started == null ? null : started.toString())
                .put(
                        "ageSeconds",
                        started == null ? null : Duration.between(started, now).toSeconds())
                .put("served", child.served())
                .put("exchanges", child.exchanges())
                .put("failures", child.failures())
                .put("residentBytes", known(child.residentBytes()))
                .put("privateBytes", known(child.privateBytes()));
    }

    private static Long known(long bytes) {
        return bytes < 0 ? null : bytes;
    }
}
