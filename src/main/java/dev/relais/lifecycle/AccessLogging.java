package dev.relais.lifecycle;

import dev.relais.accesslog.AccessLog;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import sun.misc.Signal;

/** Begins and ends the access log, and handles SIGUSR1 like nginx: the file is opened again, for another program has renamed it. */
@Singleton
final class AccessLogging {
    private static final Logger LOG = Logger.getLogger(AccessLogging.class);

    private final AccessLog log;

    AccessLogging(AccessLog log) {
        this.log = log;
    }

    /**
     * Begins to write. Blocks for seconds at most.
     *
     * @param developing whether the process is not the gateway's own, so that its signals stay as they are
     */
    void start(boolean developing) {
        log.start();
        if (!developing) {
            Signal.handle(new Signal("USR1"), signal -> {
                if (!log.reopen()) {
                    LOG.info("SIGUSR1 is ignored, for there is no access log in a file");
                }
            });
        }
    }

    /** Writes the last lines. Blocks for seconds at most. */
    void stop() {
        log.stop();
    }
}
