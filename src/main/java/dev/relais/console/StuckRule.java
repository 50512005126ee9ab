package dev.relais.console;

import dev.relais.slot.SlotStatus;

/**
 * Which children an operator should look at: those that have run something for at least five seconds and twenty times as long as usual, or
 * for ten seconds where nothing is known of the function. Not that they hang: only they can tell.
 */
final class StuckRule {
    private static final long LEAST_MILLIS = 5_000;
    private static final long UNKNOWN_MILLIS = 10_000;
    private static final double TIMES_USUAL = 20;

    private StuckRule() {}

    static boolean isStuck(SlotStatus slot) {
        double usual = slot.usualMillis();
        return slot.runningMillis() >= (usual > 0 ? LEAST_MILLIS : UNKNOWN_MILLIS)
                && slot.runningMillis() >= TIMES_USUAL * usual;
    }
}
