package dev.relais.console;

import dev.relais.system.VersionMode;
import io.vertx.ext.web.Router;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Has the program tell its version instead of starting, in the mode {@code --version}. It comes before all that makes a part of the gateway. */
@Singleton
final class VersionLine {
    private static final int FIRST = 1;

    private final String version;

    VersionLine(@ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String version) {
        this.version = version;
    }

    /** The first event of a start: the routes of the public port are to be registered. */
    void onRouter(@Observes @Priority(FIRST) Router router) {
        VersionMode.run(version);
    }
}
