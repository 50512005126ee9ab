package dev.relais.dev;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What dev mode shows to who writes functions. Nowhere else does it count. Call {@link #check} before. */
@ConfigMapping(prefix = "relais.dev")
public interface DevConfig {
    /** Whether a page in a browser loads itself anew when a file of the functions has changed: a script is added to answers of text/html. */
    @WithDefault("false")
    boolean liveReload();

    /** How many lines of the source the page about an error shows before and after the line of the error; 0 to 100. */
    @WithDefault("8")
    int sourceLines();

    /** @throws ConfigurationProblem naming the key that is out of its range */
    static void check(DevConfig config) {
        Ranges.number("relais.dev.source-lines", config.sourceLines(), 0, 100);
    }
}
