package dev.relais.lifecycle;

import dev.relais.worker.Generations;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import sun.misc.Signal;
import sun.misc.SignalHandler;

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

    /** Installs the handler. Without it the signal would end the JVM, which leaves it ignored when its parent does, as nohup. */
    void install() {
        SignalHandler former = Signal.handle(new Signal("HUP"), signal -> {
            if (generations.ask("SIGHUP came") == null) {
                LOG.info("SIGHUP is ignored, for the gateway starts or stops");
            }
        });
        if (former == SignalHandler.SIG_IGN) {
            LOG.warn(
                    "SIGHUP stays ignored, as by who started Relais (nohup): POST /q/relais/generations asks for new workers");
        }
    }
}
