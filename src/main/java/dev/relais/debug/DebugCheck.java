package dev.relais.debug;

import dev.relais.ConfigurationProblem;
import dev.relais.http.HeadWriter;
import dev.relais.slot.WorkerKind;
import dev.relais.system.Finding;
import dev.relais.system.HostCheck;
import jakarta.inject.Singleton;
import java.util.List;

/** Whether PHP can load the extension for debugging, where requests may ask for that by a signature. */
@Singleton
final class DebugCheck implements HostCheck {
    private final DebugLaneConfig config;
    private final HeadWriter heads;
    private final WorkerKind kind;

    DebugCheck(DebugLaneConfig config, HeadWriter heads, WorkerKind kind) {
        this.config = config;
        this.heads = heads;
        this.kind = kind;
    }

    @Override
    public boolean isSlow() {
        return true; // it runs PHP
    }

    @Override
    public List<Finding> findings() {
        if (!heads.knowsDebugKey()) {
            return List.of();
        }
        ConfigurationProblem problem = kind.lacks(config.extension());
        return List.of(Finding.of(
                problem == null,
                DebugLaneConfig.PREFIX + "extension",
                config.extension(),
                "an extension that PHP can load",
                "signed requests are not debugged" + (problem == null ? "" : ": " + problem.problem()),
                problem == null ? "" : problem.remedy()));
    }
}
