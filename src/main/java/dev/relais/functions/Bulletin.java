package dev.relais.functions;

import dev.relais.events.Events;
import dev.relais.events.FunctionsEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What operators are told of the functions: the status and the log. Any thread, since with generations two write it. */
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

    /** Other functions, or the same with generations, are in force. @param problem null when all is well */
    synchronized void published(int functions, long reloads, @Nullable String problem, Instant now) {
        status = status.published(functions, reloads, problem, now);
    }

    /** There is a problem, and what was in force stays. The same problem counts once while it lasts. */
    synchronized void failed(String problem) {
        if (!problem.equals(status.problem())) {
            status = status.failed(problem);
            events.add(new FunctionsEvent.Refused(problem));
        }
    }

    /** The last problem is no more. */
    synchronized void well() {
        if (status.problem() != null) {
            status = status.well();
            events.add(new FunctionsEvent.Mended());
        }
    }

    /** This problem is no more. Does nothing when there is another one now. */
    synchronized void mended(String problem) {
        if (problem.equals(status.problem())) {
            well();
        }
    }

    /** Tells what was not there at the last scan: a warning that stays is said once. */
    synchronized void warn(Set<String> warnings) {
        for (String warning : warnings) {
            if (!warned.contains(warning)) {
                events.add(new FunctionsEvent.Warned(warning));
            }
        }
        warned = warnings;
    }
}
