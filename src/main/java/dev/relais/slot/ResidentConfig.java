package dev.relais.slot;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How closely resident functions are watched. Read once at start; {@link #check} first. */
@ConfigMapping(prefix = "relais.resident")
public interface ResidentConfig {
    /** Of so many requests to a child one is checked for what it leaves in memory, up to a million; 0: none is; 1: each is. */
    @WithDefault("1000")
    int checkEvery();

    /** @throws ConfigurationProblem naming the first key that is out of its range */
    static void check(ResidentConfig config) {
        Ranges.number("relais.resident.check-every", config.checkEvery(), 0, 1_000_000);
    }
}
