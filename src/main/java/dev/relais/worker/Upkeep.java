package dev.relais.worker;

import dev.relais.slot.Worker;
import dev.relais.slot.WorkerLauncher;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Checks from time to time whether what the group needs still exists, which is the files of the run directory, of the guard and
 * of the masters, and a child for each slot; and for how long no worker has served. No event reports these. Runs on the
 * supervisor thread.
 */
final class Upkeep implements Runnable {
    private static final Logger LOG = Logger.getLogger(Upkeep.class);
    private static final long LONGEST_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How often the files are touched. Cleaners remove temporary files after days, ten of them by systemd's default for /tmp. */
    private static final long TOUCH_NANOS = TimeUnit.HOURS.toNanos(1);
    /** How often folders of uploads without an owner are looked for, by a look at each process; usually the next child removes them. */
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** The gateway counts as broken when no worker has served for this many times the time that a start may take. */
    private static final int PATIENCE = 3;

    private final GroupParts parts;
    private final WorkerLauncher launcher;
    private final Supplier<GenerationSet> generations;
    private final long startNanos;
    private final long intervalNanos;
    private long lastNanos;
    private long touchedNanos;
    private long sweptNanos;
    private long restartsThen; // the restarts when a worker served last
    private long unservedNanos;
    private volatile boolean broken;
    private volatile long mended;

    Upkeep(GroupParts parts, Supplier<GenerationSet> generations) {
        this.parts = parts;
        this.launcher = parts.launcher();
        this.lastNanos = parts.nanos().getAsLong();
        this.touchedNanos = lastNanos;
        this.sweptNanos = lastNanos;
        this.generations = generations;
        this.startNanos = parts.config().startTimeout().toNanos();
        this.intervalNanos = Math.min(LONGEST_INTERVAL_NANOS, Math.max(1_000_000, startNanos / 4));
    }

    long intervalNanos() {
        return intervalNanos;
    }

    @Override
    public void run() {
        try {
            look(parts.nanos().getAsLong());
        } catch (RuntimeException e) {
            LOG.errorf(e, "Workers cannot be looked at"); // if it were thrown again, no further look would run
        }
    }

    private void look(long nowNanos) {
        // A longer time means that this process or the machine was stopped meanwhile, and perhaps the workers too.
        long elapsed = Math.min(nowNanos - lastNanos, 2 * intervalNanos);
        lastNanos = nowNanos;
        mended += launcher.mend();
        if (nowNanos - touchedNanos > TOUCH_NANOS) {
            touchedNanos = nowNanos;
            launcher.touch(parts.clock().instant());
        }
        if (nowNanos - sweptNanos > SWEEP_NANOS) {
            sweptNanos = nowNanos;
            launcher.uploads().sweep(parts.host().proc(), parts.clock().instant());
        }
        GenerationSet set = generations.get();
        for (Generation generation : set.all()) {
            generation.look(elapsed);
        }
        judge(set.serving(), elapsed);
    }

    private void judge(Generation serving, long elapsedNanos) {
        boolean served = false;
        long restarts = 0;
        for (int place = 0; place < serving.workers().size(); place++) {
            Worker worker = serving.workers().get(place);
            // A process that still runs for a client that has gone is no fault of the workers.
            served |= worker.serving() || !worker.abandoned().isEmpty();
            restarts += serving.restarts(place);
        }
        if (served) {
            unservedNanos = 0;
            restartsThen = restarts;
        } else {
            unservedNanos += elapsedNanos;
        }
        broken = unservedNanos >= PATIENCE * startNanos && restarts > restartsThen;
    }

    /** Whether no worker has served for several times as long as a start may take, although masters were restarted. Any thread. */
    boolean isBroken() {
        return broken;
    }

    /** How many missing files of the run directory were written again. Any thread. */
    long mended() {
        return mended;
    }
}
