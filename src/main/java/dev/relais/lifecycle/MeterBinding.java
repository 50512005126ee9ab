package dev.relais.lifecycle;

import dev.relais.telemetry.GenerationMeters;
import dev.relais.telemetry.StateMeters;
import dev.relais.worker.WorkerGroup;
import jakarta.inject.Singleton;

/** Registers the meters that are read from a snapshot. */
@Singleton
final class MeterBinding {
    private final StateMeters meters;
    private final GenerationMeters generations;
    private final WorkerGroup workers;

    MeterBinding(StateMeters meters, GenerationMeters generations, WorkerGroup workers) {
        this.meters = meters;
        this.generations = generations;
        this.workers = workers;
    }

    /** Registers them. Called once the workers are started. */
    void bind() {
        meters.bind(workers.workers().size());
        generations.bind();
    }
}
