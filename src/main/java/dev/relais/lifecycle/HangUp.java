package dev.relais.lifecycle;

import dev.relais.worker.Generations;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import sun.misc.Signal;

/**
 * Handles SIGHUP like nginx' SIGHUP and PHP-FPM's SIGUSR2: new workers take over, with the code and the php.ini as they are
 * now.
 */
@Singleton
final class HangUp {
    private static final Logger LOG = Logger.getLogger(HangUp.class);

    private final Generations generations;

    HangUp(Generations generations) {
        this.generations = generations;
    }

    /** Installs the handler. Without it the signal would end the JVM. */
    void install() {
        Signal.handle(new Signal("HUP"), signal -> {
            if (generations.ask("SIGHUP came") == null) {
                LOG.info("SIGHUP is ignored, for the gateway starts or stops");
            }
        });
    }
}
