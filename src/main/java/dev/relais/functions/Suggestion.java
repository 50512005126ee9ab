package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import dev.relais.EditDistance;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Which key a mistyped one was meant to be. */
final class Suggestion {
    private static final int FARTHEST = 3;

    private Suggestion() {}

    /**
     * The problem of a key that nobody knows.
     *
     * @param of what has keys, such as {@code a site}
     */
    static ConfigurationProblem unknown(YamlValue value, String name, String of, Collection<String> keys) {
        String meant = meant(name, keys);
        return value.keyProblem(
                "unknown key",
                (meant == null ? "" : "write " + meant + "; ") + "the keys of " + of + " are "
                        + String.join(", ", keys));
    }

    private static @Nullable String meant(String name, Collection<String> keys) {
        if (name.length() > 64) {
            return null;
        }
        String nearest = null;
        int least = Math.min(FARTHEST, name.length() / 2) + 1;
        for (String key : keys) {
            int distance = EditDistance.between(name, key);
            if (distance < least) {
                least = distance;
                nearest = key;
            }
        }
        return nearest;
    }
}
