package dev.relais;

import java.time.Duration;

/**
 * Times of the configuration, checked at the start: any number may stand there, and one that cannot work would be found out by a
 * timer that never rests (0), or by one that fails when it is set (more than 292 years are no nanoseconds).
 */
public final class Times {
    public static final Duration DAY = Duration.ofDays(1);

    private Times() {}

    /** @throws ConfigurationProblem naming the key, when the time is not within these */
    public static void within(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new ConfigurationProblem(
                    key, value, "is out of range", "set it to " + text(least) + " to " + text(most));
        }
    }

    /** As it can be written in the configuration. */
    private static String text(Duration time) {
        long millis = time.toMillis();
        if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        long seconds = time.toSeconds();
        return seconds > 0 && seconds % 86_400 == 0 ? seconds / 86_400 + "d" : seconds + "s";
    }
}
