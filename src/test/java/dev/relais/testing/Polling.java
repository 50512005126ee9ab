package dev.relais.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.pollinterval.IterativePollInterval;

/**
 * How often Awaitility looks, unless a test says otherwise: at once, then soon, and the longer a wait lasts the more seldom, down to
 * Awaitility's own ten times a second. Most of what tests wait for is there within a few milliseconds.
 */
public final class Polling {
    private static final Duration FIRST = Duration.ofMillis(5);
    private static final Duration LAST = Duration.ofMillis(100);

    private Polling() {}

    /** Sets it, and how long is waited at most, for the Awaitility of this class' own class loader. */
    public static void begin() {
        Awaitility.setDefaultTimeout(Patience.LIMIT);
        Awaitility.setDefaultPollInterval(IterativePollInterval.iterative(Polling::next, FIRST));
    }

    private static Duration next(Duration last) {
        Duration twice = last.multipliedBy(2);
        return twice.compareTo(LAST) < 0 ? twice : LAST;
    }
}
