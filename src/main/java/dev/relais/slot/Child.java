package dev.relais.slot;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The PHP process behind a connection.
 *
 * @param handle taken when the process was proven; with its start time it identifies this process even when its id is used
 *     again
 * @param started when the process started
 */
public record Child(ProcessHandle handle, Instant started) {
    /** The process with this id, as it is now; null when there is none. Blocks for a short time. */
    static @Nullable Child of(long pid) {
        ProcessHandle handle = pid > 0 ? ProcessHandle.of(pid).orElse(null) : null;
        return handle == null
                ? null
                : new Child(handle, handle.info().startInstant().orElse(Instant.EPOCH));
    }

    public long pid() {
        return handle.pid();
    }
}
