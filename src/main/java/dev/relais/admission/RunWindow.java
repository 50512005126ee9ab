package dev.relais.admission;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The runs that ended within a window of time: how many they were, how many of them killed their process, and how much of the children's
 * time they took and lost. They are counted in slices of a sixteenth of the window, so the sums may leave out up to one slice of it. Any
 * thread, no lock.
 */
final class RunWindow {
    private static final int SLICES = 16;

    private final long sliceNanos;
    private final long originNanos;
    private final AtomicReferenceArray<Slice> ring = new AtomicReferenceArray<>(SLICES);

    private static final class Slice {
        private final long number;
        private final AtomicLong ended = new AtomicLong();
        private final AtomicLong killed = new AtomicLong();
        private final AtomicLong heldNanos = new AtomicLong();
        private final AtomicLong lostNanos = new AtomicLong();

        private Slice(long number) {
            this.number = number;
        }
    }

    /**
     * @param ended all runs
     * @param killed those of them that killed their process
     * @param heldNanos for how long they all had their children
     * @param lostNanos the part of it that came to nothing: until another process answered in place of a killed one
     */
    record Sum(long ended, long killed, long heldNanos, long lostNanos) {}

    /** @param nowNanos a {@link System#nanoTime} that is not later than any to come */
    RunWindow(long windowNanos, long nowNanos) {
        this.sliceNanos = Math.max(1, windowNanos / SLICES);
        this.originNanos = nowNanos;
    }

    void passed(long nowNanos, long heldNanos) {
        Slice slice = at(number(nowNanos));
        slice.ended.incrementAndGet();
        if (heldNanos > 0) {
            slice.heldNanos.addAndGet(heldNanos);
        }
    }

    void killed(long nowNanos, long lostNanos) {
        passed(nowNanos, lostNanos);
        Slice slice = at(number(nowNanos));
        slice.killed.incrementAndGet();
        slice.lostNanos.addAndGet(Math.max(0, lostNanos));
    }

    private long number(long nowNanos) {
        return Math.max(0, nowNanos - originNanos) / sliceNanos;
    }

    private Slice at(long number) {
        int index = (int) (number % SLICES);
        Slice slice = ring.get(index);
        while (slice == null || slice.number < number) {
            ring.compareAndSet(index, slice, new Slice(number));
            slice = ring.get(index);
        }
        return slice; // a later one, when this thread was held up for a whole window
    }

    Sum sum(long nowNanos) {
        long oldest = number(nowNanos) - SLICES + 1;
        long ended = 0;
        long killed = 0;
        long held = 0;
        long lost = 0;
        for (int i = 0; i < SLICES; i++) {
            Slice slice = ring.get(i);
            if (slice != null && slice.number >= oldest) {
                ended += slice.ended.get();
                killed += slice.killed.get();
                held += slice.heldNanos.get();
                lost += slice.lostNanos.get();
            }
        }
        return new Sum(ended, killed, held, lost);
    }
}
