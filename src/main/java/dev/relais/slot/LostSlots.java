package dev.relais.slot;

import java.time.Duration;
import java.util.Arrays;

/**
 * Counts the slots of one worker that have had no child for longer than a child takes to start. PHP-FPM does not report them:
 * it does not retry a failed fork until another child ends, and a hanging master replaces no child. Confined to the supervisor
 * thread, except for {@link #count}.
 */
public final class LostSlots {
    private final Worker worker;
    private final long patienceNanos;
    private final long[] missingNanos;
    private final int[] proofs; // the number of proofs of each slot at the last look
    private volatile int count;

    /** @param patience how long a slot may be without a child */
    public LostSlots(Worker worker, Duration patience) {
        this.worker = worker;
        this.patienceNanos = patience.toNanos();
        this.missingNanos = new long[worker.size()];
        this.proofs = new int[worker.size()];
    }

    /** @param elapsedNanos since the last look, without the time for which the gateway itself was stopped */
    public void look(long elapsedNanos) {
        int lost = 0;
        for (int i = 0; i < missingNanos.length; i++) {
            SlotConnection connection = worker.slot(i).connection();
            int proven = connection.proofs();
            boolean there = connection.isProven() || connection.isBooting() || proven != proofs[i];
            proofs[i] = proven;
            missingNanos[i] = there ? 0 : missingNanos[i] + elapsedNanos;
            lost += missingNanos[i] > patienceNanos ? 1 : 0;
        }
        // A process that still runs for a client that has gone does exist, and its time limit ends it.
        count = Math.max(0, lost - worker.abandoned().count());
    }

    /** Another master was started, which again gets the full time to start all children. */
    public void forget() {
        Arrays.fill(missingNanos, 0);
    }

    /** The number of lost slots at the last look. Any thread. */
    public int count() {
        return count;
    }
}
