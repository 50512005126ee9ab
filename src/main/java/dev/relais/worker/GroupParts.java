package dev.relais.worker;

import dev.relais.events.Events;
import dev.relais.process.Host;
import dev.relais.process.ProcReader;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerLauncher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The parts that all generations of a group are made with. Made once at the group's start.
 *
 * @param config how many workers there are, and their time limits
 * @param launcher starts the masters
 * @param workers makes workers
 * @param children the number of children of each worker
 * @param events receives the events of masters
 * @param supervisor the thread that supervises masters
 * @param host the host, by which processes are inspected
 * @param random makes the pauses before restarts differ
 * @param nanos the clock of intervals, as {@link System#nanoTime}
 * @param clock the time of day
 */
record GroupParts(
        WorkersConfig config,
        WorkerLauncher launcher,
        Maker workers,
        int children,
        Events events,
        ScheduledExecutorService supervisor,
        Host host,
        RandomGenerator random,
        LongSupplier nanos,
        InstantSource clock) {
    /** Makes workers. */
    interface Maker {
        Worker make(int id, int children);
    }

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

    /** These parts for another generation, whose workers have so many children and whose masters preload these scripts. May block. */
    GroupParts forGeneration(int generation, int size, Map<Path, String> preload) throws IOException {
        WorkerLauncher own = size == children ? launcher : launcher.sized(size);
        own = preload.isEmpty() ? own : own.preloading(generation, preload);
        return new GroupParts(config, own, workers, size, events, supervisor, host, random, nanos, clock);
    }

    ProcReader proc() {
        return host.proc();
    }

    /** The pauses between restarts of one worker. */
    Backoff backoff() {
        return new Backoff(config.restartDelay(), config.restartDelayMax(), random);
    }
}
