package dev.relais.lifecycle;

import dev.relais.Phase;
import dev.relais.events.Events;
import dev.relais.events.StopEvent;
import dev.relais.gateway.Gateway;
import dev.relais.http.HttpConnections;
import dev.relais.worker.WorkerGroup;
import io.quarkus.runtime.Quarkus;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import sun.misc.Signal;

/**
 * What SIGTERM and SIGINT do: readiness goes DOWN, the port closes, every request whose head was read gets its function's
 * answer, scripts that go on after theirs end, then Quarkus stops (which stops the workers) and the exit code is 0. All within a
 * deadline. Runs on a thread of its own, made when the signal comes. While the gateway still starts nothing was accepted: then they
 * break the start off.
 */
@Singleton
public class Drain {
    private static final Logger LOG = Logger.getLogger(Drain.class);
    /** A request that was in the kernel's buffer at the signal is read well within this. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final LifecycleConfig config;
    private final Phase phase;
    private final Gateway gateway;
    private final HttpConnections connections;
    private final WorkerGroup group;
    private final Switcher switcher;
    private final Events events;
    // Guarded by this:
    private Thread waiting; // in the start; null: none
    private boolean started;
    private boolean begun;

    Drain(
            LifecycleConfig config,
            Phase phase,
            Gateway gateway,
            HttpConnections connections,
            WorkerGroup group,
            Switcher switcher,
            Events events) {
        LifecycleConfig.check(config);
        this.config = config;
        this.phase = phase;
        this.gateway = gateway;
        this.connections = connections;
        this.group = group;
        this.switcher = switcher;
        this.events = events;
    }

    /**
     * Takes the signals over from the JVM, which would exit with 143 (src/docs/facts.md, fact 23). Until {@link #started} they break the
     * start off.
     */
    void install() {
        Signal.handle(new Signal("TERM"), signal -> begin());
        Signal.handle(new Signal("INT"), signal -> begin());
    }

    /** From now on this thread waits for others, and may be interrupted. @throws StoppedEarly when a signal came already */
    synchronized void waits() {
        check();
        waiting = Thread.currentThread();
    }

    /** The start is over. @throws StoppedEarly when a signal came meanwhile: it is to be given up */
    synchronized void started() {
        waiting = null;
        check();
        started = true;
    }

    private void check() {
        if (begun) {
            throw new StoppedEarly();
        }
    }

    synchronized boolean isBegun() {
        return begun;
    }

    private synchronized void begin() {
        if (begun) {
            return;
        }
        begun = true;
        if (started) {
            new Thread(this::run, "relais-drain").start();
            return;
        }
        LOG.info("Stopping, the start is broken off");
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    private void run() {
        events.add(new StopEvent.Begun());
        phase.drain();
        switcher.stop(); // who waits for a switch hears of it while the ports still answer
        LockSupport.parkNanos(config.delay().toNanos());
        connections.stopAccepting();
        long deadline = System.nanoTime() + config.timeout().toNanos();
        long quietSince = System.nanoTime();
        long now;
        while ((now = System.nanoTime()) - deadline < 0 && now - quietSince < QUIET_NANOS) {
            if (gateway.inFlight() > 0 || group.finishing() > 0) {
                quietSince = now;
            }
            connections.closeIdle(QUIET_NANOS);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        long left = gateway.inFlight();
        int finishing = group.finishing();
        if (left > 0 || finishing > 0) {
            events.add(new StopEvent.TimedOut(left, finishing));
        }
        Quarkus.asyncExit(0);
    }
}
