package dev.relais.worker;

import dev.relais.process.Backoff;
import dev.relais.process.Host;
import dev.relais.slot.SlotContext;
import dev.relais.slot.WorkerLauncher;
import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What all generations of a group are made with; made once at its start.
 *
 * @param config how many workers there are, and how patiently they are looked after
 * @param children of each worker
 * @param launcher starts the masters
 * @param slots what all slots share
 * @param loops the event loops that get the connections
 * @param supervisor the one thread that looks after masters
 * @param host what processes are looked at with
 * @param random spreads the pauses before restarts
 * @param nanos the clock of intervals, as {@link System#nanoTime}
 * @param clock the time of day
 */
record GroupParts(
        WorkersConfig config,
        int children,
        WorkerLauncher launcher,
        SlotContext slots,
        List<EventLoop> loops,
        ScheduledExecutorService supervisor,
        Host host,
        RandomGenerator random,
        LongSupplier nanos,
        InstantSource clock) {
    Generation generation(int number) {
        return new Generation(number, this);
    }

    /** For the restarts of one worker. */
    Backoff backoff() {
        return new Backoff(config.restartDelay(), config.restartDelayMax(), random);
    }
}
