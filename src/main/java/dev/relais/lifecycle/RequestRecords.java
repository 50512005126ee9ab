package dev.relais.lifecycle;

import dev.relais.accesslog.AccessLog;
import dev.relais.tracing.Tracing;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import sun.misc.Signal;

/**
 * Begins and ends what is told of each request outside the process: the access log, and the spans. Handles SIGUSR1 like nginx: the log's
 * file is opened again, for another program has renamed it.
 */
@Singleton
final class RequestRecords {
    private static final Logger LOG = Logger.getLogger(RequestRecords.class);

    private final AccessLog log;
    private final Tracing tracing;

    RequestRecords(AccessLog log, Tracing tracing) {
        this.log = log;
        this.tracing = tracing;
    }

    /**
     * Begins to write. Blocks for seconds at most.
     *
     * @param developing whether the process is not the gateway's own, so that its signals stay as they are
     */
    void start(boolean developing) {
        log.start();
        tracing.start();
        if (!developing) {
            Signal.handle(new Signal("USR1"), signal -> {
                if (!log.reopen()) {
                    LOG.info("SIGUSR1 is ignored, for there is no access log in a file");
                }
            });
        }
    }

    /** Writes the last lines, and sends the last spans. Blocks for seconds at most. */
    void stop() {
        log.stop();
        tracing.stop();
    }
}
