package dev.relais.lifecycle;

import dev.relais.http.HttpConnections;
import dev.relais.worker.WorkerGroup;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Starts the rooms in order: workers, functions, meters; then waits for the first worker to serve. Quarkus opens the ports after
 * that, so the first request finds everything there. Stops them in the opposite order.
 */
@ApplicationScoped
public class Startup {
    private final StartChecks checks;
    private final HttpConnections connections;
    private final Drain drain;
    private final HangUp hangUp;
    private final FirstWorkers firstWorkers;
    private final FirstFunctions functions;
    private final MeterBinding meters;
    private final Switcher switcher;
    private final WorkerGroup workers;
    private final Scheduler scheduler;

    Startup(
            StartChecks checks,
            HttpConnections connections,
            Drain drain,
            HangUp hangUp,
            FirstWorkers firstWorkers,
            FirstFunctions functions,
            MeterBinding meters,
            Switcher switcher,
            WorkerGroup workers,
            Scheduler scheduler) {
        this.checks = checks;
        this.connections = connections;
        this.drain = drain;
        this.hangUp = hangUp;
        this.firstWorkers = firstWorkers;
        this.functions = functions;
        this.meters = meters;
        this.switcher = switcher;
        this.workers = workers;
        this.scheduler = scheduler;
    }

    void onStart(@Observes StartupEvent event) {
        boolean developing = LaunchMode.current() != LaunchMode.NORMAL;
        checks.run();
        if (!developing) {
            // Not in dev mode, where Netty outlives the classes that a reload replaces.
            MemoryEnd.install();
            connections.start();
            drain.install();
            hangUp.install();
        }
        boolean generations = functions.comeByGenerations();
        firstWorkers.start(!generations);
        try {
            functions.start(developing, firstWorkers.reservable());
            meters.bind();
            drain.waits();
            firstWorkers.await();
            switcher.start(generations);
            drain.started();
        } catch (RuntimeException e) {
            boolean stopped = drain.isBegun();
            Thread.interrupted(); // else nothing that is stopped now would be waited for
            stop();
            throw stopped ? new StoppedEarly() : e;
        }
        // It starts halted: a tick in the middle of a start that fails would find the container gone, and say so in a
        // stack trace.
        scheduler.resume();
    }

    void onStop(@Observes ShutdownEvent event) {
        scheduler.pause();
        stop();
    }

    private void stop() {
        switcher.stop();
        functions.stop();
        workers.stop();
    }
}
