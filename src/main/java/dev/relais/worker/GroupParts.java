package dev.relais.worker;

import dev.relais.events.Events;
import dev.relais.process.Backoff;
import dev.relais.process.Host;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerLauncher;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What all generations of a group are made with; made once at its start.
 *
 * @param config how many workers there are, and how patiently they are looked after
 * @param launcher starts the masters
 * @param workers makes the worker of each number
 * @param events told of what happens to masters
 * @param supervisor the one thread that looks after masters
 * @param host what processes are looked at with
 * @param random spreads the pauses before restarts
 * @param nanos the clock of intervals, as {@link System#nanoTime}
 * @param clock the time of day
 */
record GroupParts(
        WorkersConfig config,
        WorkerLauncher launcher,
        IntFunction<Worker> workers,
        Events events,
        ScheduledExecutorService supervisor,
        Host host,
        RandomGenerator random,
        LongSupplier nanos,
        InstantSource clock) {
    /** One thread; what comes once it is shut down is dropped, because event loops may hand it something at any time. */
    static ScheduledExecutorService newSupervisor() {
        return new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread thread = new Thread(task, "relais-supervisor");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** For the restarts of one worker. */
    Backoff backoff() {
        return new Backoff(config.restartDelay(), config.restartDelayMax(), random);
    }
}
