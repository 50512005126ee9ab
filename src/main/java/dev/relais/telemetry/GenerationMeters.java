package dev.relais.telemetry;

import dev.relais.worker.Generations;
import dev.relais.worker.Generations.Status;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** Meters of the switches from one generation of workers to the next, read when they are scraped. */
@Singleton
public class GenerationMeters {
    private final MeterRegistry registry;
    private final Generations generations;

    @Inject
    GenerationMeters(MeterRegistry registry, Generations generations) {
        this.registry = registry;
        this.generations = generations;
    }

    /** Registers all. */
    public void bind() {
        Gauge.builder("relais.generation", generations, g -> g.status().number())
                .description("The generation of workers that serves")
                .register(registry);
        Gauge.builder("relais.generation.preloaded", generations, Generations::preloaded)
                .description("Scripts that the generation has preloaded because the one before has used them")
                .register(registry);
        switches("switched", Status::switches);
        switches("failed", Status::failures);
        switches("refused", Status::refusals);
        FunctionCounter.builder("relais.generation.ended.scripts", generations, g -> g.status()
                        .ended())
                .description("Scripts of old generations ended at the drain timeout")
                .register(registry);
    }

    private void switches(String outcome, ToDoubleFunction<Status> count) {
        FunctionCounter.builder("relais.generation.switches", generations, g -> count.applyAsDouble(g.status()))
                .description("Switches to a new generation, and attempts that left the old one serving")
                .tag("outcome", outcome)
                .register(registry);
    }
}
