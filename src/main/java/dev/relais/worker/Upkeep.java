package dev.relais.worker;

import dev.relais.slot.Worker;
import dev.relais.slot.WorkerLauncher;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Looks from time to time whether what the group needs is still there: the files of the run directory, the guard's and the masters', and
 * a child for each slot; and for how long nothing has served. Nobody tells of any of it. Runs on the supervisor thread.
 */
final class Upkeep implements Runnable {
    private static final Logger LOG = Logger.getLogger(Upkeep.class);
    private static final long LONGEST_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Cleaners of temporary files go by days: ten of them in systemd's defaults for /tmp. */
    private static final long TOUCH_NANOS = TimeUnit.HOURS.toNanos(1);
    /** So many times the time that a start may take, nothing may have served before the gateway counts as broken. */
    private static final int PATIENCE = 3;

    private final GroupParts parts;
    private final WorkerLauncher launcher;
    private final Supplier<GenerationSet> generations;
    private final long startNanos;
    private final long intervalNanos;
    private long lastNanos;
    private long touchedNanos;
    private long restartsThen; // when a worker served last
    private long unservedNanos;
    private volatile boolean broken;
    private volatile long mended;

    Upkeep(GroupParts parts, Supplier<GenerationSet> generations) {
        this.parts = parts;
        this.launcher = parts.launcher();
        this.lastNanos = parts.nanos().getAsLong();
        this.touchedNanos = lastNanos;
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
            LOG.errorf(e, "Workers cannot be looked at"); // thrown on, it would be the last one
        }
    }

    private void look(long nowNanos) {
        // More means that this process, or the machine, was stopped meanwhile, and the workers perhaps with it.
        long elapsed = Math.min(nowNanos - lastNanos, 2 * intervalNanos);
        lastNanos = nowNanos;
        mended += launcher.mend();
        if (nowNanos - touchedNanos > TOUCH_NANOS) {
            touchedNanos = nowNanos;
            launcher.touch(parts.clock().instant());
        }
        launcher.uploads().sweep(parts.host().proc(), parts.clock().instant());
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
            // A process that runs on for a client who has gone is no fault of the workers'.
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

    /** Nothing has served for several times as long as a start may take, although masters were restarted. Any thread. */
    boolean isBroken() {
        return broken;
    }

    /** Files of the run directory that were missing and are written anew. Any thread. */
    long mended() {
        return mended;
    }
}
