package dev.relais.lifecycle;

import dev.relais.service.ServiceNotices;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Singleton;

/** What the main thread does once all has started and all ports are open: it waits for the end. */
@Singleton
final class Serving implements QuarkusApplication {
    private final ServiceNotices notices;

    Serving(ServiceNotices notices) {
        this.notices = notices;
    }

    @Override
    public int run(String... arguments) {
        notices.opened();
        Quarkus.waitForExit();
        return 0;
    }
}
