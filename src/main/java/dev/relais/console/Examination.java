package dev.relais.console;

import dev.relais.system.Doctor;
import dev.relais.system.DoctorMode;
import io.quarkus.runtime.StartupEvent;
import io.vertx.ext.web.Router;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Has the program examine the host instead of starting, in the mode {@code doctor}. It comes before all that makes a part of the gateway. */
@Singleton
final class Examination {
    private static final int FIRST = 1;

    private final Doctor doctor;

    Examination(Doctor doctor) {
        this.doctor = doctor;
    }

    /** The first event of a start: the routes of the public port are to be registered. */
    void onRouter(@Observes @Priority(FIRST) Router router) {
        run();
    }

    /** Comes later; for the case that there is no public port. */
    void onStart(@Observes @Priority(FIRST) StartupEvent event) {
        run();
    }

    private void run() {
        if (DoctorMode.isAsked()) {
            DoctorMode.run(doctor);
        }
    }
}
