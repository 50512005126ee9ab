package dev.relais.admission;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When a function, or a script of an application, is refused for a while because its runs kill PHP processes. */
@ConfigMapping(prefix = "relais.poison")
public interface PoisonConfig {
    /**
     * So many runs within the window that kill their PHP process, and at least a third of all runs in it, make it refused with 503; 0: never.
     */
    @WithDefault("5")
    int threshold();

    /** The time in which killing runs are counted. */
    @WithDefault("10s")
    Duration window();

    /** For how long it is refused at first; each trial that kills a process doubles it. */
    @WithDefault("1s")
    Duration pause();

    /** For how long it is refused at most; so much time without being refused makes the pauses begin anew. */
    @WithDefault("60s")
    Duration pauseMax();

    /** @throws ConfigurationProblem naming the first key that is out of its range */
    static void check(PoisonConfig config) {
        Ranges.number("relais.poison.threshold", config.threshold(), 0, 1000);
        Duration hour = Duration.ofHours(1);
        Ranges.time("relais.poison.window", config.window(), Duration.ofMillis(1), hour);
        Ranges.time("relais.poison.pause", config.pause(), Duration.ofMillis(1), hour);
        Ranges.time("relais.poison.pause-max", config.pauseMax(), config.pause(), hour);
    }
}
