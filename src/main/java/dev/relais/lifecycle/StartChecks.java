package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.body.Spool;
import dev.relais.http.MemoryBudgets;
import dev.relais.system.HostLimits;
import jakarta.inject.Singleton;

/** What is looked at before anything is started: that the values in force can work, and what they are, for the log. */
@Singleton
final class StartChecks {
    private final GenerationsConfig generations;
    private final HostLimits limits;
    private final MemoryBudgets memory;
    private final Spool spool;

    StartChecks(GenerationsConfig generations, HostLimits limits, MemoryBudgets memory, Spool spool) {
        this.generations = generations;
        this.limits = limits;
        this.memory = memory;
        this.spool = spool;
    }

    /** @throws ConfigurationProblem naming the first key that cannot work */
    void run() {
        GenerationsConfig.check(generations);
        limits.log();
        memory.log();
        spool.check();
    }
}
