package dev.relais;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.time.Duration;

/**
 * Checks at the start whether values of the configuration are in their range, since the types allow any number. A wrong value
 * would otherwise show later, as a timer that fires without end (0), a timer that cannot be set (292 years are the most that
 * nanoseconds can express), or an array that cannot be allocated. Each check throws a {@link ConfigurationProblem} that names
 * the key, its value and the range.
 */
public final class Ranges {
    public static final Duration DAY = Duration.ofDays(1);

    private Ranges() {}

    public static void number(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw problem(key, value, Long.toString(least), Long.toString(most));
        }
    }

    public static void time(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw problem(key, value, text(least), text(most));
        }
    }

    /** @return the bytes */
    public static long size(String key, MemorySize value, long least, long most) {
        BigInteger bytes = value.asBigInteger();
        if (bytes.compareTo(BigInteger.valueOf(least)) < 0 || bytes.compareTo(BigInteger.valueOf(most)) > 0) {
            throw problem(key, bytes, sizeText(least), sizeText(most));
        }
        return bytes.longValue();
    }

    private static ConfigurationProblem problem(String key, Object value, String least, String most) {
        return new ConfigurationProblem(key, value, "is out of range", "set it to " + least + " to " + most);
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

    /** As it can be written in the configuration. */
    static String sizeText(long bytes) {
        String units = "KMGTPE";
        int unit = -1;
        long value = bytes;
        while (unit < units.length() - 1 && value >= 1024 && value % 1024 == 0) {
            value /= 1024;
            unit++;
        }
        return unit < 0 ? Long.toString(value) : value + units.substring(unit, unit + 1);
    }
}
