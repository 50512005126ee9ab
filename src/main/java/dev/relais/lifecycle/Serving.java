package dev.relais.lifecycle;

import dev.relais.functions.FunctionsConfig;
import dev.relais.service.ServiceNotices;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Singleton;

/** What the main thread does once all has started and all ports are open: it waits for the end, or runs the tests. */
@Singleton
final class Serving implements QuarkusApplication {
    private final ServiceNotices notices;
    private final FunctionsConfig functions;

    Serving(ServiceNotices notices, FunctionsConfig functions) {
        this.notices = notices;
        this.functions = functions;
    }

    @Override
    public int run(String... arguments) {
        if (TestMode.isAsked()) {
            return TestMode.run(functions.directory());
        }
        notices.opened();
        Quarkus.waitForExit();
        return 0;
    }
}
