package dev.relais.console;

import dev.relais.functions.FunctionsConfig;
import dev.relais.functions.NewFunction;
import io.vertx.ext.web.Router;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Has the program make a function instead of starting, in the mode {@code new}. It comes before all that makes a part of the gateway. */
@Singleton
final class Creation {
    private static final int FIRST = 1;

    private final FunctionsConfig config;

    Creation(FunctionsConfig config) {
        this.config = config;
    }

    /** The first event of a start: the routes of the public port are to be registered. */
    void onRouter(@Observes @Priority(FIRST) Router router) {
        NewFunction.run(config);
    }
}
