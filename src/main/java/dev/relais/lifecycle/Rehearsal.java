package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.PhpLogConfig;
import dev.relais.body.Spool;
import dev.relais.output.LogConfig;
import dev.relais.process.Host;
import dev.relais.slot.RecycleConfig;
import dev.relais.slot.ResidentConfig;
import dev.relais.slot.WorkerKind;
import dev.relais.system.Finding;
import dev.relais.system.HostCheck;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkersConfig;
import io.quarkus.runtime.LaunchMode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Does what a start does until it would start the first process, and takes it back: it makes a spool file, tries PHP with its settings in a
 * run directory, and loads the functions. Only what keeps the gateway from starting is found, so a gateway that runs finds nothing.
 */
@Singleton
final class Rehearsal implements HostCheck {
    private final GenerationsConfig generations;
    private final WorkersConfig config;
    private final RecycleConfig recycling;
    private final ResidentConfig resident;
    private final PhpLogConfig phpLog;
    private final LogConfig log;
    private final Spool spool;
    private final WorkerKind kind;
    private final Sizing sizing;
    private final FirstFunctions functions;
    private final WorkerGroup group;

    @Inject
    Rehearsal(
            GenerationsConfig generations,
            WorkersConfig config,
            RecycleConfig recycling,
            ResidentConfig resident,
            PhpLogConfig phpLog,
            LogConfig log,
            Spool spool,
            WorkerKind kind,
            Sizing sizing,
            FirstFunctions functions,
            WorkerGroup group) {
        this.generations = generations;
        this.config = config;
        this.recycling = recycling;
        this.resident = resident;
        this.phpLog = phpLog;
        this.log = log;
        this.spool = spool;
        this.kind = kind;
        this.sizing = sizing;
        this.functions = functions;
        this.group = group;
    }

    @Override
    public boolean isSlow() {
        return true;
    }

    @Override
    public List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        if (group.serving() == null) {
            examine(() -> GenerationsConfig.check(generations), found);
            examine(() -> RecycleConfig.check(recycling), found);
            examine(() -> ResidentConfig.check(resident), found);
            examine(() -> PhpLogConfig.check(phpLog), found);
            examine(() -> LogConfig.check(log), found);
            examine(spool::check, found);
            examine(this::php, found);
            examine(() -> functions.tryOut(config.count() * sizing.childrenPerWorker() - 1), found);
        }
        return found;
    }

    private static void examine(Runnable step, List<Finding> found) {
        try {
            step.run();
        } catch (ConfigurationProblem e) {
            found.add(Finding.of(e));
        }
    }

    private void php() {
        boolean developing = LaunchMode.current() == LaunchMode.DEVELOPMENT;
        WorkerKind.Needs needs = new WorkerKind.Needs(
                config.count(), sizing.childrenPerWorker(), developing, !functions.comeByGenerations());
        kind.prepare(Host.local(), needs).close(Duration.ZERO);
    }
}
