package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.functions.FunctionsConfig;
import dev.relais.functions.PhpAccess;
import dev.relais.functions.PoolSettings;
import dev.relais.functions.Reload;
import dev.relais.process.Host;
import dev.relais.process.WorkerUser;
import dev.relais.slot.WorkerKind;
import io.quarkus.runtime.LaunchMode;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What processes pools have, and whether such processes can run here. Any thread; blocks, but for what has been asked before. */
@Singleton
final class PoolKinds implements PhpAccess {
    private static final String FILE = "functions.yaml: ";
    private static final String WORKERS = "relais.workers.";
    private static final String SETTING = WORKERS + "php-settings.\"";

    private final WorkerKind common;
    private final FunctionsConfig config;
    private final Map<PoolSettings, WorkerKind> kinds = new ConcurrentHashMap<>();
    private final Set<PoolSettings> good = ConcurrentHashMap.newKeySet(); // tried before

    PoolKinds(WorkerKind common, FunctionsConfig config) {
        this.common = common;
        this.config = config;
    }

    WorkerKind of(PoolSettings pool) {
        return kinds.computeIfAbsent(
                pool,
                its -> common.own(new WorkerKind.Own(
                        its.user(), its.phpFpm(), its.ini(), its.iniText(), its.resident() != null)));
    }

    /**
     * The user that PHP runs as in a pool.
     *
     * @throws ConfigurationProblem when there is none, or this gateway cannot switch to it
     */
    WorkerUser user(PoolSettings pool) {
        try {
            return of(pool).user();
        } catch (ConfigurationProblem e) {
            throw told(pool, e);
        }
    }

    /** What a group with the children of this pool needs. */
    private WorkerKind.Needs needs(PoolSettings pool) {
        boolean developing = LaunchMode.current() == LaunchMode.DEVELOPMENT;
        return new WorkerKind.Needs(1, pool.children(), developing, config.reload() != Reload.GENERATIONS);
    }

    @Override
    public boolean reads(Path folder) {
        return common.user().canRead(folder);
    }

    @Override
    public boolean reads(PoolSettings pool, Path folder) {
        return user(pool).canRead(folder);
    }

    @Override
    public @Nullable ConfigurationProblem problem(PoolSettings pool) {
        if (good.contains(pool)) {
            return null;
        }
        try {
            of(pool).prepare(Host.local(), needs(pool)).close(Duration.ZERO);
            good.add(pool);
            return null;
        } catch (ConfigurationProblem e) {
            kinds.remove(pool); // it may be mended outside of the file, and is to be asked anew
            return told(pool, e);
        }
    }

    /** Such processes have been started, so there is no problem. */
    void works(PoolSettings pool) {
        good.add(pool);
    }

    /** Forgets all others. */
    void retain(Collection<PoolSettings> inForce) {
        kinds.keySet().retainAll(inForce);
        good.retainAll(inForce);
    }

    /** The problem with the key of the pool that causes it, where it has such a key. */
    static ConfigurationProblem told(PoolSettings pool, ConfigurationProblem problem) {
        String own = ownKey(pool, problem);
        return own == null
                ? problem
                : new ConfigurationProblem(
                        FILE + pool.key(own),
                        own.equals("ini") ? pool.iniFile() : problem.value(),
                        problem.problem(),
                        problem.remedy());
    }

    private static @Nullable String ownKey(PoolSettings pool, ConfigurationProblem problem) {
        String key = problem.key();
        if (key.equals(WORKERS + "user") && pool.user() != null) {
            return "user";
        }
        if (key.equals(WORKERS + "php-fpm") && pool.phpFpm() != null) {
            return "php-fpm";
        }
        if (key.equals("php.ini") && pool.iniFile() != null) {
            return "ini";
        }
        if (key.startsWith(SETTING)) {
            String name = key.substring(SETTING.length(), key.length() - 1);
            return pool.ini().containsKey(name) ? "ini." + name : null;
        }
        return null;
    }
}
