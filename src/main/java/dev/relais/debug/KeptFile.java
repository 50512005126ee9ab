package dev.relais.debug;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A profile or a trace that Xdebug has written.
 *
 * @param name of the file
 * @param script that it is about; null when the file does not say it
 * @param complete whether the script has ended
 */
public record KeptFile(
        String name, DebugMode mode, @Nullable String script, long bytes, Instant time, boolean complete) {
    /** As users write it. */
    public String modeWord() {
        return mode.word();
    }
}
