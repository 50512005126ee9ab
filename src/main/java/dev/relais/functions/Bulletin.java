package dev.relais.functions;

import dev.relais.events.Events;
import dev.relais.events.FunctionsEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the status of the functions and writes their log lines. Any thread may call it, because with generations two threads
 * do.
 */
final class Bulletin {
    private final Events events;
    private volatile FunctionsStatus status;
    private Set<String> warned = Set.of();

    Bulletin(Path directory, Events events) {
        this.events = events;
        status = FunctionsStatus.of(directory);
    }

    FunctionsStatus status() {
        return status;
    }

    /**
     * New functions, or with generations perhaps the same ones, are in force.
     *
     * @param problem null when there is none
     */
    synchronized void published(int functions, long reloads, @Nullable String problem, Instant now) {
        status = status.published(functions, reloads, problem, now);
    }

    /** There is a problem, and the functions in force stay. A problem that lasts counts once. */
    synchronized void failed(String problem) {
        if (!problem.equals(status.problem())) {
            status = status.failed(problem);
            events.add(new FunctionsEvent.Refused(problem));
        }
    }

    /** The last problem has ended. */
    synchronized void well() {
        if (status.problem() != null) {
            status = status.well();
            events.add(new FunctionsEvent.Mended());
        }
    }

    /** This problem has ended. Does nothing when there is another one now. */
    synchronized void mended(String problem) {
        if (problem.equals(status.problem())) {
            well();
        }
    }

    /** Logs the warnings that the last scan did not have, so that a lasting warning is logged once. */
    synchronized void warn(Set<String> warnings) {
        for (String warning : warnings) {
            if (!warned.contains(warning)) {
                events.add(new FunctionsEvent.Warned(warning));
            }
        }
        warned = warnings;
    }
}
