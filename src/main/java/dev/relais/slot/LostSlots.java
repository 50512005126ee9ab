package dev.relais.slot;

import java.time.Duration;
import java.util.Arrays;

/**
 * How many slots of one worker have had no child for longer than a child takes to start. PHP-FPM tells of none of it: a fork that failed
 * is not tried again until another child ends, and a master that hangs replaces nobody. Confined to the supervisor thread, but for
 * {@link #count}.
 */
public final class LostSlots {
    private final Worker worker;
    private final long patienceNanos;
    private final long[] missingNanos;
    private final int[] proofs; // of each slot, when it was looked at last
    private volatile int count;

    /** @param patience how long a slot may be without a child */
    public LostSlots(Worker worker, Duration patience) {
        this.worker = worker;
        this.patienceNanos = patience.toNanos();
        this.missingNanos = new long[worker.size()];
        this.proofs = new int[worker.size()];
    }

    /** @param elapsedNanos since the last look, in which this process ran: a time in which it was stopped says nothing of the children */
    public void look(long elapsedNanos) {
        int lost = 0;
        for (int i = 0; i < missingNanos.length; i++) {
            SlotConnection connection = worker.slot(i).connection();
            int proven = connection.proofs();
            boolean there = connection.isProven() || proven != proofs[i];
            proofs[i] = proven;
            missingNanos[i] = there ? 0 : missingNanos[i] + elapsedNanos;
            lost += missingNanos[i] > patienceNanos ? 1 : 0;
        }
        // A process that runs on for a client who has gone is there; its time limit ends it.
        count = Math.max(0, lost - worker.abandoned().count());
    }

    /** Another master has its time to start all. */
    public void forget() {
        Arrays.fill(missingNanos, 0);
    }

    /** At the last look. Any thread. */
    public int count() {
        return count;
    }
}
