package dev.relais.worker;

import java.time.Instant;

/**
 * The PHP process behind a connection.
 *
 * @param handle taken when it was proven: with the start time it names this process for good, also when its number is used again
 * @param started when it began
 */
record ChildProcess(ProcessHandle handle, Instant started) {
    long pid() {
        return handle.pid();
    }
}
