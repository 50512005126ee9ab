package dev.relais.lifecycle;

import dev.relais.Phase;
import dev.relais.events.Events;
import dev.relais.events.StopEvent;
import io.quarkus.runtime.Quarkus;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Stops the gateway on SIGTERM and SIGINT. Readiness goes DOWN, the port closes, every request whose head was read gets its
 * function's answer, and scripts that go on after their answer end. Then Quarkus stops, which stops the workers, and the exit
 * code is 0. All of this has a deadline. It runs on a thread of its own, which is created when the signal comes. While the
 * gateway still starts, nothing was accepted, and a signal aborts the start.
 */
@Singleton
public class Drain {
    private static final Logger LOG = Logger.getLogger(Drain.class);
    /**
     * A connection without data for this long is closed. A request that was in the kernel's buffer at the signal is read well
     * within this time.
     */
    static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final LifecycleConfig config;
    private final Phase phase;
    private final AcceptedWork work;
    private final Runnable stopSwitching;
    private final Events events;
    private final LongSupplier nanos;
    private final LongConsumer pause;
    private final Runnable exit;
    // The following fields are guarded by this:
    private @Nullable Thread waiting; // the thread that waits in the start; null for none
    private boolean started;
    private boolean begun;

    @Inject
    Drain(LifecycleConfig config, Phase phase, AcceptedWork work, Switcher switcher, Events events) {
        this(
                config,
                phase,
                work,
                switcher::stop,
                events,
                System::nanoTime,
                LockSupport::parkNanos,
                () -> Quarkus.asyncExit(0));
    }

    /**
     * @param stopSwitching stops accepting requests for another generation
     * @param nanos as {@link System#nanoTime}
     * @param pause waits for a number of nanoseconds
     * @param exit ends the gateway
     */
    Drain(
            LifecycleConfig config,
            Phase phase,
            AcceptedWork work,
            Runnable stopSwitching,
            Events events,
            LongSupplier nanos,
            LongConsumer pause,
            Runnable exit) {
        LifecycleConfig.check(config);
        this.config = config;
        this.phase = phase;
        this.work = work;
        this.stopSwitching = stopSwitching;
        this.events = events;
        this.nanos = nanos;
        this.pause = pause;
        this.exit = exit;
    }

    /**
     * Takes the signals over from the JVM, which would exit with 143 (src/docs/facts.md, fact 23). Until {@link #started} they
     * abort the start.
     */
    void install() {
        Signal.handle(new Signal("TERM"), signal -> begin());
        Signal.handle(new Signal("INT"), signal -> begin());
    }

    /**
     * From now on this thread waits for others, and may be interrupted.
     *
     * @throws StoppedEarly when a signal has already come
     */
    synchronized void waits() {
        check();
        waiting = Thread.currentThread();
    }

    /**
     * The start is complete.
     *
     * @throws StoppedEarly when a signal came meanwhile, so that the start has to be given up
     */
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

    /** A signal came. Only the first one counts. */
    synchronized void begin() {
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

    /** Blocks until all requests are answered, or the time is over. */
    void run() {
        events.add(new StopEvent.Begun());
        phase.drain();
        stopSwitching.run(); // callers that wait for a switch get their answer while the ports are still open
        pause.accept(config.delay().toNanos());
        work.stopAccepting();
        long deadline = nanos.getAsLong() + config.timeout().toNanos();
        long quietSince = nanos.getAsLong();
        long now;
        while ((now = nanos.getAsLong()) - deadline < 0 && now - quietSince < QUIET_NANOS) {
            if (work.inFlight() > 0 || work.finishing() > 0) {
                quietSince = now;
            }
            work.closeIdle(QUIET_NANOS);
            pause.accept(STEP_NANOS);
        }
        long left = work.inFlight();
        int finishing = work.finishing();
        if (left > 0 || finishing > 0) {
            events.add(new StopEvent.TimedOut(left, finishing));
        }
        exit.run();
    }
}
