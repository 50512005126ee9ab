package dev.relais.lifecycle;

import dev.relais.LimitedLog;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Makes the log say how many lines it has left out, even when no further line comes or the gateway stops. */
@ApplicationScoped
class OmittedLines {
    @Scheduled(every = "5s")
    void onTick() {
        LimitedLog.reportOmitted();
    }

    void onStop(@Observes ShutdownEvent stop) {
        LimitedLog.reportLast();
    }
}
