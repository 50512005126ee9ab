package dev.relais.lifecycle;

import dev.relais.balancer.Sampler;
import dev.relais.telemetry.GenerationMeters;
import dev.relais.telemetry.Snapshots;
import dev.relais.telemetry.StateMeters;
import dev.relais.worker.WorkerGroup;
import jakarta.inject.Singleton;

/** Makes a snapshot after each sample, and registers the meters that are read from it. */
@Singleton
final class MeterBinding {
    private final Sampler sampler;
    private final Snapshots snapshots;
    private final StateMeters meters;
    private final GenerationMeters generations;
    private final WorkerGroup workers;

    MeterBinding(
            Sampler sampler,
            Snapshots snapshots,
            StateMeters meters,
            GenerationMeters generations,
            WorkerGroup workers) {
        this.sampler = sampler;
        this.snapshots = snapshots;
        this.meters = meters;
        this.generations = generations;
        this.workers = workers;
    }

    /** Registers them. Called once the workers are started. */
    void bind() {
        sampler.onRanked(snapshots::take);
        meters.bind(workers.workers().size());
        generations.bind();
    }
}
