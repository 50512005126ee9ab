package dev.relais.console;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The senders that may see and act through the management port. */
@ConfigMapping(prefix = "relais.management")
public interface ManagementConfig {
    /** What each action needs as {@code Authorization: Bearer}, from whatever host, or {@code sha256:} and its hash; empty: only this host may act. */
    Optional<String> token();

    /** A file with the token, or with {@code sha256:} and the hexadecimal SHA-256 of it, which tells PHP nothing; read at the start. */
    Optional<Path> tokenFile();

    /** The host names by which status, console, system and actions may be asked for, besides localhost and IP addresses. */
    Optional<List<String>> hosts();

    /** How many actions are taken in a minute, up to ten of them at once, and how many wrong tokens of one address; beyond that 429. */
    @WithDefault("120")
    int actionsPerMinute();

    /** @throws ConfigurationProblem when a value is out of its range */
    static void check(ManagementConfig config) {
        Ranges.number("relais.management.actions-per-minute", config.actionsPerMinute(), 1, 6_000);
    }
}
