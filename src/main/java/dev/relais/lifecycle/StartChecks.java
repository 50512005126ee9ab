package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.MessageLog;
import dev.relais.PhpLogConfig;
import dev.relais.body.Spool;
import dev.relais.configuration.UnknownKeys;
import dev.relais.http.MemoryBudgets;
import dev.relais.system.Doctor;
import dev.relais.system.HostLimits;
import io.quarkus.runtime.LaunchMode;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.ConfigProvider;

/** Checks the configured values before anything is started, and logs them. */
@Singleton
final class StartChecks {
    private final GenerationsConfig generations;
    private final PhpLogConfig phpLog;
    private final HostLimits limits;
    private final MemoryBudgets memory;
    private final Spool spool;
    private final Doctor doctor;

    StartChecks(
            GenerationsConfig generations,
            PhpLogConfig phpLog,
            HostLimits limits,
            MemoryBudgets memory,
            Spool spool,
            Doctor doctor) {
        this.generations = generations;
        this.phpLog = phpLog;
        this.limits = limits;
        this.memory = memory;
        this.spool = spool;
        this.doctor = doctor;
    }

    /** @throws ConfigurationProblem naming the first key that cannot work */
    void run() {
        if (LaunchMode.current() != LaunchMode.TEST) { // which has properties of its own
            UnknownKeys.check(ConfigProvider.getConfig(), System.getenv());
        }
        GenerationsConfig.check(generations);
        PhpLogConfig.check(phpLog);
        MessageLog.limit(phpLog);
        limits.log();
        memory.log();
        spool.check();
        doctor.checkStart();
    }
}
