package dev.relais.http;

import dev.relais.ConfigurationProblem;
import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;

/** Sizes of the configuration, checked: a number of any length may stand there. */
final class Sizes {
    private Sizes() {}

    /** @throws ConfigurationProblem naming the key, when the size is not within these */
    static long inRange(String key, MemorySize size, long least, long most) {
        BigInteger bytes = size.asBigInteger();
        if (bytes.compareTo(BigInteger.valueOf(least)) < 0 || bytes.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new ConfigurationProblem(
                    key, bytes, "is out of range", "set it to " + text(least) + " to " + text(most));
        }
        return bytes.longValue();
    }

    /** As it can be written in the configuration. */
    static String text(long bytes) {
        String units = "KMGT";
        int unit = -1;
        long value = bytes;
        while (unit < units.length() - 1 && value >= 1024 && value % 1024 == 0) {
            value /= 1024;
            unit++;
        }
        return unit < 0 ? Long.toString(value) : value + units.substring(unit, unit + 1);
    }
}
