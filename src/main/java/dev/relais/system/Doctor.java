package dev.relais.system;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.system.Finding.Verdict;
import io.quarkus.arc.All;
import io.quarkus.arc.InstanceHandle;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Tells what of the host and of the configuration is as it should be: at the start, to operators who ask, and as the mode
 * {@code doctor} of the program. All three have what the beans of {@link HostCheck} find. Blocks; any thread.
 */
@Singleton
public class Doctor {
    private static final Logger LOG = Logger.getLogger(Doctor.class);
    private static final int LONGEST = 500;

    private final Iterable<Supplier<HostCheck>> checks;

    @Inject
    Doctor(@All List<InstanceHandle<HostCheck>> checks) {
        this.checks = suppliers(checks);
    }

    /** With these checks, each of which may fail to be made. */
    Doctor(Iterable<Supplier<HostCheck>> checks) {
        this.checks = checks;
    }

    /** A check is made when it is first asked, since what it needs may refuse the configuration. */
    private static List<Supplier<HostCheck>> suppliers(List<InstanceHandle<HostCheck>> handles) {
        List<Supplier<HostCheck>> suppliers = new ArrayList<>();
        for (InstanceHandle<HostCheck> handle : handles) {
            suppliers.add(handle::get);
        }
        return suppliers;
    }

    /** All that can be found out; takes up to some tenths of a second. */
    public List<Finding> examine() {
        return examine(true);
    }

    private List<Finding> examine(boolean slow) {
        List<Finding> found = new ArrayList<>();
        for (Supplier<HostCheck> check : checks) {
            try {
                HostCheck made = check.get();
                if (slow || !made.isSlow()) {
                    addNew(made.findings(), found);
                }
            } catch (RuntimeException e) {
                addNew(List.of(Finding.of(problem(e))), found);
            }
        }
        return found;
    }

    /** Several checks may need what the same key keeps from being made. */
    private static void addNew(List<Finding> more, List<Finding> found) {
        for (Finding finding : more) {
            if (!found.contains(finding)) {
                found.add(finding);
            }
        }
    }

    /** The problem of the configuration that an exception, or its cause, tells of. */
    private static ConfigurationProblem problem(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigurationProblem problem) {
                return problem;
            }
        }
        throw e;
    }

    /**
     * Looks at what can be looked at quickly, and logs it: one line, and one more for each thing that is not as wanted.
     *
     * @throws ConfigurationProblem when the gateway cannot run
     */
    public void checkStart() {
        List<Finding> found = examine(false);
        int warnings = 0;
        for (Finding finding : found) {
            if (finding.verdict() == Verdict.IMPOSSIBLE) {
                throw finding.problem();
            }
            warnings += finding.verdict() == Verdict.WARNING ? 1 : 0;
        }
        LOG.infof(
                "Host is checked, /q/relais/system and doctor have it all: checks=%d warnings=%d",
                found.size(), warnings);
        for (Finding finding : found) {
            log(finding);
        }
    }

    /** Logs a finding that is not as wanted. */
    public static void log(Finding finding) {
        if (finding.verdict() != Verdict.OK) {
            LOG.warnf(
                    "Host is not as wanted: name=%s value=%s wanted=%s consequence=%s remedy=%s",
                    LogText.value(finding.name(), LONGEST),
                    LogText.value(finding.value(), LONGEST),
                    LogText.value(finding.wanted(), LONGEST),
                    LogText.value(finding.consequence(), LONGEST),
                    LogText.value(finding.remedy(), LONGEST));
        }
    }
}
