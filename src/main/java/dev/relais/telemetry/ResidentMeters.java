package dev.relais.telemetry;

import dev.relais.slot.Leftover;
import dev.relais.slot.ResidentFacts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The meters of resident functions: those of a function are there while its pool serves. Called by one thread at a time. */
@Singleton
class ResidentMeters {
    private final MeterRegistry registry;
    private final Map<String, List<Meter>> meters = new HashMap<>(); // by function

    ResidentMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Has meters of these functions, and of no others. */
    void follow(Map<String, ResidentFacts> functions) {
        Iterator<Map.Entry<String, List<Meter>>> known = meters.entrySet().iterator();
        while (known.hasNext()) {
            Map.Entry<String, List<Meter>> function = known.next();
            if (!functions.containsKey(function.getKey())) {
                function.getValue().forEach(registry::remove);
                known.remove();
            }
        }
        functions.forEach((function, facts) -> meters.computeIfAbsent(function, name -> bound(name, facts)));
    }

    private List<Meter> bound(String function, ResidentFacts facts) {
        List<Meter> bound = new ArrayList<>();
        Tags of = Tags.of("function", function);
        bound.add(FunctionTimer.builder(
                        "relais.resident.boot",
                        facts,
                        ResidentFacts::boots,
                        ResidentFacts::bootMillis,
                        TimeUnit.MILLISECONDS)
                .description("Boots of the application of a resident function")
                .tags(of)
                .register(registry));
        bound.add(boots(of.and("outcome", "success"), facts, ResidentFacts::boots));
        bound.add(boots(of.and("outcome", "failure"), facts, ResidentFacts::failedBoots));
        for (Leftover.Kind kind : Leftover.Kind.values()) {
            bound.add(FunctionCounter.builder("relais.resident.left", facts, its -> its.leftovers(kind))
                    .description("What checked requests have left in the memory of a resident function")
                    .tags(of.and("kind", kind.word()))
                    .register(registry));
        }
        return bound;
    }

    private Meter boots(Tags tags, ResidentFacts facts, ToDoubleFunction<ResidentFacts> count) {
        return FunctionCounter.builder("relais.resident.boots", facts, count)
                .description("Boots of applications of a resident function")
                .tags(tags)
                .register(registry);
    }
}
