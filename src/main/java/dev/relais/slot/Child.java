package dev.relais.slot;

import java.time.Instant;

/**
 * The PHP process behind a connection.
 *
 * @param handle taken when it was proven: with the start time it names this process for good, also when its number is used again
 * @param started when it began
 */
public record Child(ProcessHandle handle, Instant started) {
    public long pid() {
        return handle.pid();
    }
}
