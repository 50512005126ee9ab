package dev.relais.slot;

import dev.relais.ConfigurationProblem;
import dev.relais.process.Host;
import dev.relais.process.WorkerUser;

/**
 * One kind of worker process, such as PHP-FPM. The rooms {@code slot} and {@code worker} know a kind only by this interface, by
 * {@link WorkerLauncher} and by {@link WorkerProcess}; whatever implements them as a bean is the kind that the gateway runs.
 */
public interface WorkerKind {
    /** The user that scripts run as. Blocks. @throws ConfigurationProblem when the configured one does not exist */
    WorkerUser user();

    /**
     * Checks program, host and configuration, and makes what all processes of the kind share. Once for each start of the gateway; blocks
     * for some tens of milliseconds.
     *
     * @throws ConfigurationProblem with the remedy, when nothing of this kind can run here
     */
    WorkerLauncher prepare(Host host, Needs needs);

    /**
     * What the group wants of the processes.
     *
     * @param workers how many masters a generation has
     * @param children how many children each master has
     * @param showErrors whether scripts may write their errors into answers: in dev mode only
     * @param checksFiles whether a changed script is noticed; else it shows in the next generation only
     */
    record Needs(int workers, int children, boolean showErrors, boolean checksFiles) {}
}
