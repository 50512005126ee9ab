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
 * Starts workers, functions and meters in this order, and then waits for the first worker to serve. Quarkus opens the ports
 * after that, so that everything is ready for the first request. Stops them in the opposite order.
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
            // It is not installed in dev mode, where Netty lives longer than the classes that a reload replaces.
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
            Thread.interrupted(); // otherwise no wait of the following stop would work
            stop();
            throw stopped ? new StoppedEarly() : e;
        }
        // The scheduler starts halted, because a tick in the middle of a failing start would find no container, and log
        // a stack trace.
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
