package dev.relais.fpm;

import dev.relais.slot.WorkerKind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configuration of a pool's processes: that of all, but for what the pool has of its own. */
record PoolConfig(FpmConfig all, WorkerKind.Own own) implements FpmConfig {
    @Override
    public Optional<Path> phpFpm() {
        return Optional.ofNullable(own.program()).or(all::phpFpm);
    }

    @Override
    public Optional<Path> runDirectory() {
        return all.runDirectory();
    }

    @Override
    public Optional<String> user() {
        return Optional.ofNullable(own.user()).or(all::user);
    }

    /** A user of the pool's own has its primary group. */
    @Override
    public Optional<String> group() {
        return own.user() == null ? all.group() : Optional.empty();
    }

    @Override
    public Optional<List<String>> environment() {
        return all.environment();
    }

    @Override
    public Map<String, String> phpSettings() {
        Map<String, String> settings = new LinkedHashMap<>(all.phpSettings());
        settings.putAll(own.settings());
        return settings;
    }

    /** The version of PHP may be another one, whose faults are others. */
    @Override
    public Optional<Boolean> keepAfterBody() {
        return own.program() == null ? all.keepAfterBody() : Optional.empty();
    }
}
