package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import io.smallrye.config.ConfigMapping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What holds for all sites. */
@ConfigMapping(prefix = "relais.sites")
public interface SitesConfig {
    /**
     * The directory in which each site has a folder for its sessions, which outlives restarts. By default it is {@code sites} in
     * systemd's {@code STATE_DIRECTORY}, else {@code /var/lib/relais/sites} for root, else {@code ~/.local/state/relais/sites}.
     */
    Optional<Path> stateDirectory();

    /**
     * Checks what the types cannot express.
     *
     * @throws ConfigurationProblem when the directory is there and is none
     */
    static void check(SitesConfig config) {
        config.stateDirectory()
                .filter(path -> Files.exists(path) && !Files.isDirectory(path))
                .ifPresent(path -> {
                    throw new ConfigurationProblem(
                            "relais.sites.state-directory",
                            path,
                            "not a directory",
                            "name one that the gateway may write to");
                });
    }
}
