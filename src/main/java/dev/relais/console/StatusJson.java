package dev.relais.console;

import dev.relais.functions.FunctionsStatus;
import dev.relais.slot.SlotStatus;
import dev.relais.system.MemoryPlan;
import dev.relais.telemetry.LoadReport;
import dev.relais.telemetry.Snapshot;
import dev.relais.worker.Generations;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A {@link Snapshot} as JSON. Users' scripts read its keys, so keys may be added but never renamed. */
final class StatusJson {
    private StatusJson() {}

    static JsonObject of(Snapshot now) {
        return new JsonObject()
                .put("sampledAt", now.sampledAt().toString())
                .put("draining", now.draining())
                .put("functions", functions(now.functions()))
                .put("generation", generation(now))
                .put(
                        "queue",
                        new JsonObject()
                                .put("length", now.queue().length())
                                .put("capacity", now.queue().capacity())
                                .put("computingFunctions", now.queue().computing()))
                .put("load", load(now.load()))
                .put("container", container(now.plan()))
                .put("memory", memory(now))
                .put("poisoned", poisoned(now))
                .put("workers", workers(now.workers(), now.sampledAt()))
                .put("pools", pools(now));
    }

    private static JsonArray pools(Snapshot now) {
        JsonArray pools = new JsonArray();
        for (Snapshot.Pool pool : now.pools()) {
            pools.add(new JsonObject()
                    .put("name", pool.name())
                    .put("user", pool.user())
                    .put("phpFpm", pool.program())
                    .put("generation", pool.generation())
                    .put(
                            "queue",
                            new JsonObject()
                                    .put("length", pool.queue().length())
                                    .put("capacity", pool.queue().capacity()))
                    .put("workers", workers(pool.workers(), now.sampledAt()))
                    .put("resident", ResidentJson.status(pool.resident())));
        }
        return pools;
    }

    private static JsonObject functions(FunctionsStatus loaded) {
        return new JsonObject()
                .put("directory", loaded.directory().toString())
                .put("count", loaded.functions())
                .put("reloads", loaded.reloads())
                .put("failedReloads", loaded.failedReloads())
                .put("problem", loaded.problem())
                .put("changed", text(loaded.changed()));
    }

    private static JsonObject generation(Snapshot now) {
        Generations.Status generation = now.generation();
        return new JsonObject()
                .put("number", generation.number())
                .put("since", generation.since().toString())
                .put("mode", word(now.reload()))
                .put("state", word(generation.state()))
                .put("problem", generation.problem())
                .put("switches", generation.switches())
                .put("failures", generation.failures())
                .put("refusals", generation.refusals())
                .put("endedScripts", generation.ended());
    }

    private static JsonObject load(Snapshot.Load load) {
        LoadReport.Values values = load.values();
        return new JsonObject()
                .put("applicationUtilization", values.application())
                .put("cpuUtilization", values.cpu() < 0 ? null : values.cpu())
                .put("memUtilization", values.memory() < 0 ? null : values.memory())
                .put("rps", values.rps())
                .put("eps", values.eps())
                .put("saturatedSeconds", load.saturatedNanos() / 1_000_000_000L);
    }

    private static @Nullable JsonObject container(@Nullable MemoryPlan plan) {
        return plan == null
                ? null
                : new JsonObject()
                        .put("memoryBytes", plan.limit() == 0 ? null : plan.limit())
                        .put("heapBytes", plan.gateway().heap())
                        .put("directBytes", plan.gateway().direct())
                        .put("otherBytes", plan.gateway().other())
                        .put("spoolBytes", plan.gateway().spool())
                        .put("masters", plan.masters())
                        .put("opcacheBytes", plan.shared())
                        .put("children", plan.children())
                        .put("childBytes", plan.child())
                        .put("measured", plan.measured())
                        .put("totalBytes", plan.total())
                        .put("fits", plan.fits())
                        .put("heapNeedsRestart", plan.heapNeedsRestart());
    }

    private static JsonObject memory(Snapshot now) {
        JsonObject kinds = new JsonObject();
        for (Snapshot.Memory memory : now.memory()) {
            kinds.put(
                    memory.kind(),
                    new JsonObject()
                            .put("bytes", memory.bytes())
                            .put("capacity", memory.capacity())
                            .put("refusals", memory.refusals()));
        }
        return kinds;
    }

    private static JsonArray poisoned(Snapshot now) {
        JsonArray refused = new JsonArray();
        for (Snapshot.Poisoned poisoned : now.poisoned()) {
            refused.add(new JsonObject()
                    .put("function", poisoned.function())
                    .put("script", poisoned.script())
                    .put("until", poisoned.until().toString()));
        }
        return refused;
    }

    /** The workers in the order of the ranking, the best first. */
    private static JsonArray workers(List<Snapshot.Worker> all, Instant at) {
        List<Snapshot.Worker> ranking = new ArrayList<>(all);
        ranking.sort(Comparator.comparingInt(Snapshot.Worker::rank));
        JsonArray workers = new JsonArray();
        for (Snapshot.Worker worker : ranking) {
            workers.add(worker(worker, at));
        }
        return workers;
    }

    private static JsonObject worker(Snapshot.Worker worker, Instant at) {
        JsonArray children = new JsonArray();
        for (SlotStatus slot : worker.slots()) {
            children.add(child(slot, at));
        }
        return new JsonObject()
                .put("id", worker.id())
                .put("master", worker.masterPid())
                .put("score", worker.score())
                .put("relativeLatency", worker.relativeLatency())
                .put("failureShare", worker.failureShare())
                .put("state", word(worker.state()))
                .put("allowance", worker.allowance())
                .put("restarts", worker.restarts())
                .put("lost", worker.lost())
                .put("problem", worker.problem())
                .put("busy", worker.busy())
                .put("children", children);
    }

    private static JsonObject child(SlotStatus child, Instant at) {
        Instant started = child.started();
        return new JsonObject()
                .put("pid", child.pid())
                .put("state", word(child.state()))
                .put("function", child.function())
                .put("runningMillis", child.runningMillis() < 0 ? null : child.runningMillis())
                .put("started", text(started))
                .put(
                        "ageSeconds",
                        started == null ? null : Duration.between(started, at).toSeconds())
                .put("served", child.served())
                .put("exchanges", child.exchanges())
                .put("failures", child.failures())
                .put("residentBytes", known(child.residentBytes()))
                .put("privateBytes", known(child.privateBytes()));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static @Nullable Long known(long bytes) {
        return bytes < 0 ? null : bytes;
    }
}
