package dev.relais.slot;

import dev.relais.ConfigurationProblem;
import dev.relais.process.Host;
import dev.relais.process.WorkerUser;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One kind of worker process, such as PHP-FPM. The packages {@code slot} and {@code worker} know a kind only by this interface,
 * by {@link WorkerLauncher} and by {@link WorkerProcess}. The bean that implements this interface is the kind that the gateway
 * runs.
 */
public interface WorkerKind {
    /**
     * The user that scripts run as. Blocks.
     *
     * @throws ConfigurationProblem when the configured one does not exist
     */
    WorkerUser user();

    /** The names of the gateway's environment variables that scripts see. The token of the management port must not be among them. */
    List<String> passedOn();

    /** The most memory that the processes of one master share, such as the opcache, in bytes, as far as the configuration says. */
    long sharedBytes();

    /**
     * Why the program cannot load an extension that {@link WorkerLauncher#extended} would have it load; null when it can. Blocks: asks the
     * program.
     */
    default @Nullable ConfigurationProblem lacks(String extension) {
        return null;
    }

    /**
     * Begins what {@link #prepare} would otherwise wait for, such as a program that has to be asked for its version, and returns at once.
     * It need not be called, and never fails: what is wrong is found by prepare.
     */
    default void anticipate() {}

    /**
     * Checks program, host and configuration, and creates what all processes of the kind have in common. Called once for each
     * start of the gateway; blocks for some tens of milliseconds.
     *
     * @throws ConfigurationProblem with the remedy, when nothing of this kind can run here
     */
    WorkerLauncher prepare(Host host, Needs needs);

    /** This kind with a program, a user and settings of a pool's own. The run directory of its processes is open to that user alone. */
    default WorkerKind own(Own own) {
        throw new UnsupportedOperationException();
    }

    /**
     * What the processes of a pool have of their own.
     *
     * @param user that scripts run as; null for that of all
     * @param program null for that of all
     * @param settings besides those of all, in whose place they are
     * @param ini the text of a further file with settings; empty for none
     * @param resident whether its processes keep an application in memory
     */
    record Own(
            @Nullable String user, @Nullable Path program, Map<String, String> settings, String ini, boolean resident) {
        public Own {
            settings = Map.copyOf(settings);
        }
    }

    /**
     * What the worker group needs of the processes.
     *
     * @param workers how many masters a generation has
     * @param children how many children each master has
     * @param showErrors whether scripts may write their errors into answers, which is so only in dev mode
     * @param checksFiles whether a changed script is noticed; otherwise the change is in force only in the next generation
     */
    record Needs(int workers, int children, boolean showErrors, boolean checksFiles) {}
}
