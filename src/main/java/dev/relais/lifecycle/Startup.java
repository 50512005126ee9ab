package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.http.HttpConnections;
import dev.relais.system.DoctorMode;
import dev.relais.system.NativeExecutable;
import dev.relais.worker.WorkerGroup;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Starts workers, functions and meters in this order, and then waits for the first worker to serve. Quarkus opens the ports
 * after that, so that everything is ready for the first request. Stops them in the opposite order.
 */
@Singleton
public class Startup {
    private static final Logger LOG = Logger.getLogger(Startup.class);
    /** The ports are open by then. */
    private static final Duration GIVE_BACK_AFTER = Duration.ofSeconds(2);

    private final StartChecks checks;
    private final HttpConnections connections;
    private final Drain drain;
    private final HangUp hangUp;
    private final FirstWorkers firstWorkers;
    private final FirstFunctions functions;
    private final MeterBinding meters;
    private final Switcher switcher;
    private final WorkerGroup workers;
    private final Ticks ticks;
    private final WarmStart warmStart;
    private final ServiceStart service;
    private final RequestRecords records;
    private final GatewayLogging log;
    private final SitePhp sitePhp;
    private final PoolKeeper pools;

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
            Ticks ticks,
            WarmStart warmStart,
            ServiceStart service,
            RequestRecords records,
            GatewayLogging log,
            SitePhp sitePhp,
            PoolKeeper pools) {
        this.pools = pools;
        this.checks = checks;
        this.connections = connections;
        this.drain = drain;
        this.hangUp = hangUp;
        this.firstWorkers = firstWorkers;
        this.functions = functions;
        this.meters = meters;
        this.switcher = switcher;
        this.workers = workers;
        this.ticks = ticks;
        this.warmStart = warmStart;
        this.service = service;
        this.records = records;
        this.log = log;
        this.sitePhp = sitePhp;
    }

    void onStart(@Observes StartupEvent event) {
        boolean developing = LaunchMode.current() != LaunchMode.NORMAL;
        if (!DoctorMode.isAsked()) {
            firstWorkers.anticipate(); // on another core, while this one checks
        }
        checks.run();
        if (DoctorMode.isAsked()) {
            DoctorMode.finish();
        }
        if (!developing) {
            // It is not installed in dev mode, where Netty lives longer than the classes that a reload replaces.
            if (!TestMode.isAsked()) {
                log.start();
            }
            MemoryEnd.install(); // after the log, so that it sees a failure at once
            connections.start();
            drain.install();
            hangUp.install();
            service.begin();
        }
        records.start(developing);
        boolean generations = functions.comeByGenerations();
        warmStart.expect();
        if (!startWorkers(!generations)) {
            return;
        }
        try {
            functions.start(developing || TestMode.isAsked(), firstWorkers.reservable());
            meters.bind();
            sitePhp.follow();
            drain.waits();
            firstWorkers.await();
            switcher.start(generations);
            sitePhp.catchUp();
            drain.started();
        } catch (RuntimeException e) {
            boolean stopped = drain.isBegun();
            Thread.interrupted(); // otherwise no wait of the following stop would work
            stop();
            throw stopped ? new StoppedEarly() : e;
        }
        ticks.start();
        workers.later(NativeExecutable::hasStarted, GIVE_BACK_AFTER);
    }

    /** @return false when there is no PHP, and none is needed */
    private boolean startWorkers(boolean checksFiles) {
        try {
            sitePhp.begin();
            firstWorkers.start(checksFiles);
            return true;
        } catch (ConfigurationProblem e) {
            if (!TrainingRun.isAsked()) {
                pools.stop(workers::stop); // they may have been started before a pool could not be
                throw e;
            }
            LOG.warnf("Training run is without PHP-FPM: cause=%s", LogText.value(e.getMessage()));
            return false;
        }
    }

    void onStop(@Observes ShutdownEvent event) {
        ticks.stop();
        stop();
    }

    private void stop() {
        warmStart.stop();
        switcher.stop();
        functions.stop();
        pools.stop(workers::stop);
        records.stop();
    }
}
