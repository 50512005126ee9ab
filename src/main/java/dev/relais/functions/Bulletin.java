package dev.relais.functions;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.jboss.logging.Logger;

/** What operators are told of the functions: the status and the log. Any thread, since with generations two write it. */
final class Bulletin {
    private static final Logger LOG = Logger.getLogger(Functions.class);

    private volatile Functions.Status status;
    private Set<String> warned = Set.of();

    Bulletin(Path directory) {
        status = new Functions.Status(directory, 0, 0, 0, null, null);
    }

    Functions.Status status() {
        return status;
    }

    /** Other functions, or the same with generations, are in force. @param problem null when all is well */
    synchronized void published(int functions, long reloads, String problem, Instant now) {
        status = new Functions.Status(status.directory(), functions, reloads, status.failedReloads(), problem, now);
    }

    /** What was in force stays. The same problem counts once while it lasts. */
    synchronized void failed(String problem) {
        if (!problem.equals(status.problem())) {
            LOG.errorf("%s; the last good state stays", problem);
            note(status.failedReloads() + 1, problem);
        }
    }

    /** The last problem is no more. */
    synchronized void well() {
        if (status.problem() != null) {
            LOG.info("the functions are well again");
            note(status.failedReloads(), null);
        }
    }

    /** Nothing when it is another problem now. */
    synchronized void mended(String problem) {
        if (problem.equals(status.problem())) {
            well();
        }
    }

    private void note(long failedReloads, String problem) {
        status = new Functions.Status(
                status.directory(), status.functions(), status.reloads(), failedReloads, problem, status.changed());
    }

    /** Logs what was not there at the last scan: a warning that stays is said once. */
    synchronized void warn(Set<String> warnings) {
        for (String warning : warnings) {
            if (!warned.contains(warning)) {
                LOG.warn(warning);
            }
        }
        warned = warnings;
    }
}
