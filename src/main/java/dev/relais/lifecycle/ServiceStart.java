package dev.relais.lifecycle;

import dev.relais.process.Host;
import dev.relais.service.ServiceNotices;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkersConfig;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Has the service manager be told of the gateway's state, and how long its start and its stop may take as they are configured. */
@Singleton
final class ServiceStart {
    /** What the steps take that have no time of their own in the configuration: opening ports, warming up, ending the process. */
    private static final Duration REST = Duration.ofSeconds(30);

    private final ServiceNotices notices;
    private final WorkersConfig workers;
    private final GenerationsConfig generations;
    private final LifecycleConfig shutdown;
    private final WorkerGroup group;

    ServiceStart(
            ServiceNotices notices,
            WorkersConfig workers,
            GenerationsConfig generations,
            LifecycleConfig shutdown,
            WorkerGroup group) {
        this.notices = notices;
        this.workers = workers;
        this.generations = generations;
        this.shutdown = shutdown;
        this.group = group;
    }

    /** While the gateway starts. */
    void begin() {
        Duration start =
                workers.startTimeout().plus(generations.warmUpTimeout()).plus(REST);
        Duration stop = shutdown.delay()
                .plus(shutdown.timeout())
                .plus(workers.stopTimeout())
                .plus(REST);
        notices.start(Host.ownPid(), start, stop, this::onSupervisor);
    }

    /** On the thread that keeps the workers alive, while there is one. */
    private void onSupervisor(Runnable task) {
        if (!group.later(task, Duration.ZERO)) {
            task.run();
        }
    }
}
