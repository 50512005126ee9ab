package dev.relais.console;

import dev.relais.admission.Limits;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.PhpFunction;
import dev.relais.slot.ChildState;
import dev.relais.slot.SlotStatus;
import dev.relais.telemetry.Activity;
import dev.relais.telemetry.Snapshot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the console's messages. They are for its own page alone, and short, since they are sent every second: what is as usual is
 * left out, latencies have microseconds at the most.
 */
final class ConsoleJson {
    /** The most functions that are told of: beyond that the page would be of no use. */
    static final int MOST_FUNCTIONS = 1_000;

    private ConsoleJson() {}

    /**
     * What changes all the time.
     *
     * @param cached the part of a function's requests that the cache has answered; null when it was never asked
     */
    static JsonObject now(
            Snapshot now, Activity activity, Bottleneck bottleneck, Function<String, @Nullable Double> cached) {
        return new JsonObject()
                .put("at", now.sampledAt().toEpochMilli())
                .put("draining", now.draining())
                .put("bottleneck", of(bottleneck))
                .put(
                        "queue",
                        new JsonObject()
                                .put("length", now.queue().length())
                                .put("capacity", now.queue().capacity())
                                .put("concurrency", now.queue().concurrency()))
                .put(
                        "load",
                        new JsonObject()
                                .put("busy", rounded(now.load().values().application()))
                                .put("cpu", rounded(now.load().values().cpu()))
                                .put("memory", rounded(now.load().values().memory())))
                .put("generation", generation(now))
                .put("memory", memory(now))
                .put("workers", workers(now))
                .put("residents", ResidentJson.page(now.pools()))
                .put("functions", functions(activity, cached));
    }

    private static JsonObject of(Bottleneck bottleneck) {
        return new JsonObject()
                .put("kind", bottleneck.kind().word())
                .put("level", bottleneck.kind().level())
                .put("sentence", bottleneck.sentence())
                .put("remedy", bottleneck.remedy());
    }

    private static JsonObject generation(Snapshot now) {
        return new JsonObject()
                .put("number", now.generation().number())
                .put("since", now.generation().since().toEpochMilli())
                .put("mode", word(now.reload()))
                .put("state", word(now.generation().state()))
                .put("problem", now.generation().problem())
                .put("switches", now.generation().switches())
                .put("failures", now.generation().failures())
                .put("refusals", now.generation().refusals())
                .put("ended", now.generation().ended())
                .put("functions", now.functions().functions())
                .put("directory", now.functions().directory().toString())
                .put("codeProblem", now.functions().problem());
    }

    private static JsonArray memory(Snapshot now) {
        JsonArray kinds = new JsonArray();
        for (Snapshot.Memory memory : now.memory()) {
            kinds.add(new JsonObject()
                    .put("kind", memory.kind())
                    .put("bytes", memory.bytes())
                    .put("capacity", memory.capacity())
                    .put("refusals", memory.refusals()));
        }
        return kinds;
    }

    /** In the order of the ranking, the best first; those of pools behind the common ones. */
    private static JsonArray workers(Snapshot now) {
        JsonArray workers = new JsonArray();
        now.workers().stream()
                .sorted(Comparator.comparingInt(Snapshot.Worker::rank))
                .forEach(worker -> workers.add(worker(worker)));
        for (Snapshot.Pool pool : now.pools()) {
            pool.workers().forEach(worker -> workers.add(worker(worker).put("pool", pool.name())));
        }
        return workers;
    }

    private static JsonObject worker(Snapshot.Worker worker) {
        JsonArray children = new JsonArray();
        for (SlotStatus slot : worker.slots()) {
            children.add(child(slot));
        }
        return new JsonObject()
                .put("id", worker.id())
                .put("master", worker.masterPid())
                .put("score", rounded(worker.score()))
                .put("latency", rounded(worker.relativeLatency()))
                .put("failures", rounded(worker.failureShare()))
                .put("state", word(worker.state()))
                .put("allowance", worker.allowance())
                .put("busy", worker.busy())
                .put("lost", worker.lost())
                .put("restarts", worker.restarts())
                .put("problem", worker.problem())
                .put("children", children);
    }

    private static JsonObject child(SlotStatus slot) {
        JsonObject json = new JsonObject()
                .put("pid", slot.pid())
                .put("state", word(slot.state()))
                .put("served", slot.served());
        if (slot.state() != ChildState.IDLE && slot.function() != null) {
            json.put("function", slot.function()).put("millis", slot.runningMillis());
        }
        return StuckRule.isStuck(slot) ? json.put("stuck", true).put("usual", rounded(slot.usualMillis())) : json;
    }

    private static JsonArray functions(Activity activity, Function<String, @Nullable Double> cached) {
        JsonArray functions = new JsonArray();
        for (Activity.Function function : activity.functions()) {
            if (functions.size() < MOST_FUNCTIONS) {
                functions.add(new JsonObject()
                        .put("name", function.name())
                        .put("rate", rounded(function.rate()))
                        .put("failed", rounded(function.failed()))
                        .put("p50", rounded(function.p50()))
                        .put("p95", rounded(function.p95()))
                        .put("p99", rounded(function.p99()))
                        .put("wait", rounded(function.waited()))
                        .put("running", function.running())
                        .put("waiting", function.waiting())
                        .put("cached", cached.apply(function.name())));
            }
        }
        return functions;
    }

    /** What is configured of each function, sorted by name; the limits that are the gateway's own are left out. */
    static JsonArray settings(FunctionRegistry registry) {
        JsonArray all = new JsonArray();
        for (PhpFunction function : registry.all()) {
            if (all.size() == MOST_FUNCTIONS) {
                break;
            }
            Limits limits = function.settings().limits();
            JsonObject json = new JsonObject()
                    .put("name", function.name())
                    .put("timeout", function.settings().timeoutMillis())
                    .put("methods", function.settings().allow());
            putUnless(json, "concurrency", limits.concurrency(), Limits.NONE.concurrency());
            putUnless(json, "reserved", limits.reserved(), Limits.NONE.reserved());
            putUnless(json, "priority", limits.priority(), Limits.NONE.priority());
            putUnless(json, "queue", limits.queue(), Limits.NONE.queue());
            all.add(json);
        }
        return all;
    }

    private static void putUnless(JsonObject json, String key, int value, int usual) {
        if (value != usual) {
            json.put(key, value);
        }
    }

    /** One second of the history, as the numbers that the chart's columns are: {@code chart.js} has the same order. */
    static JsonArray moment(Activity.Moment moment) {
        return new JsonArray()
                .add(moment.at().toEpochMilli())
                .add(rounded(moment.rate()))
                .add(rounded(moment.failed()))
                .add(rounded(moment.p50()))
                .add(rounded(moment.p95()))
                .add(rounded(moment.p99()))
                .add(rounded(moment.waited()))
                .add(moment.waiting())
                .add(rounded(moment.busy()))
                .add(rounded(moment.cpu()))
                .add(rounded(moment.refused()));
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
