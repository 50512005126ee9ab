package dev.relais.console;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Who may act by the management port. */
@ConfigMapping(prefix = "relais.management")
public interface ManagementConfig {
    /** Lets who sends it as {@code Authorization: Bearer} act from other hosts too; empty: only this host may. */
    Optional<String> token();
}
