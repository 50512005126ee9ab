package dev.relais.console;

import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What the console can show. */
@ConfigMapping(prefix = "relais.console")
public interface ConsoleConfig {
    /** How many of the last requests are found by their id, with where their time went; 250 bytes each. 0: none. */
    @WithDefault("10000")
    int requests();

    /** @throws dev.relais.ConfigurationProblem when a value is out of its range */
    static void check(ConsoleConfig config) {
        Ranges.number("relais.console.requests", config.requests(), 0, 1_000_000);
    }
}
