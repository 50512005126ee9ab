package dev.relais.slot;

import java.time.Instant;

/**
 * The PHP process behind a connection.
 *
 * @param handle taken when the process was proven; with its start time it identifies this process even when its id is used
 *     again
 * @param started when the process started
 */
public record Child(ProcessHandle handle, Instant started) {
    public long pid() {
        return handle.pid();
    }
}
