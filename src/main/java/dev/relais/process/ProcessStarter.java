package dev.relais.process;

import java.io.IOException;

/**
 * Starts a process. Production passes a {@link StarterThread}; a test may count, refuse or replace what is started.
 * Called on the supervisor's thread or the thread that starts the gateway; an implementation may be called from several threads.
 */
@FunctionalInterface
public interface ProcessStarter {
    /**
     * @param builder the complete description of what to start
     * @return the started process, never null
     * @throws IOException when the system has no such program or cannot start another process
     */
    Process start(ProcessBuilder builder) throws IOException;
}
