package dev.relais.testing;

import java.time.Duration;

/** Measures the longest pause between two things that a test does. It is for one thread at a time. */
public final class Pauses {
    private long last = System.nanoTime();
    private long longest;

    /** The test has just done something. */
    public void step() {
        long now = System.nanoTime();
        longest = Math.max(longest, now - last);
        last = now;
    }

    /** Whether one of them was longer than this. */
    public boolean exceed(Duration time) {
        return longest > time.toNanos();
    }
}
