package dev.relais.http;

import dev.relais.ConfigurationProblem;
import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** What single requests may ask for, to find out what becomes of them. */
@ConfigMapping(prefix = "relais.debug")
public interface DebugConfig {
    /** Shorter ones can be guessed from one signature. */
    int SHORTEST = 16;

    /**
     * The secret that signs X-Relais-Debug, the field of a request whose answer then has Server-Timing, or that is debugged; 16 characters at
     * least. Empty: none.
     */
    Optional<String> key();

    /** @throws ConfigurationProblem when the key is too short */
    static void check(DebugConfig config) {
        config.key().ifPresent(key -> {
            if (key.length() < SHORTEST) {
                throw new ConfigurationProblem(
                        "relais.debug.key", "...", "is too short", "set " + SHORTEST + " characters or more");
            }
        });
    }
}
