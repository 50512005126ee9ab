package dev.relais.functions;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The status of the functions for operators.
 *
 * @param directory as configured, made absolute; not the mirror
 * @param functions how many are served
 * @param reloads how often changed functions were published since the start
 * @param failedReloads how often a scan or {@code functions.yaml} was found bad; the same problem counts once while it lasts
 * @param problem what is wrong now, in one line, while the last good state is served; null when nothing is
 * @param changed when the registry was last published; null before the start
 */
public record FunctionsStatus(
        Path directory,
        int functions,
        long reloads,
        long failedReloads,
        @Nullable String problem,
        @Nullable Instant changed) {
    /** The status before the start. */
    static FunctionsStatus of(Path directory) {
        return new FunctionsStatus(directory, 0, 0, 0, null, null);
    }

    /**
     * The status after a publication.
     *
     * @param problem null when there is none
     */
    FunctionsStatus published(int functions, long reloads, @Nullable String problem, Instant now) {
        return new FunctionsStatus(directory, functions, reloads, failedReloads, problem, now);
    }

    /** The status with one more problem. */
    FunctionsStatus failed(String problem) {
        return new FunctionsStatus(directory, functions, reloads, failedReloads + 1, problem, changed);
    }

    /** The status without a problem. */
    FunctionsStatus well() {
        return new FunctionsStatus(directory, functions, reloads, failedReloads, null, changed);
    }
}
