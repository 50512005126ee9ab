package dev.relais.lifecycle;

import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.Functions;
import dev.relais.functions.FunctionsConfig;
import dev.relais.functions.PoolSettings;
import dev.relais.functions.SiteIni;
import dev.relais.functions.SitePreview;
import dev.relais.worker.Generations;
import dev.relais.worker.WorkerGroup;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Tells PHP its settings for the folders of the sites. They are in force in masters that start from then on, so that where files come
 * into force by themselves, other settings need another generation, which this asks for.
 */
@Singleton
final class SitePhp {
    private final FunctionsConfig config;
    private final Functions functions;
    private final WorkerGroup workers;
    private final SiteSessions sessions;
    private final Generations generations;
    private final PoolKinds pools;
    private volatile String told = "";

    SitePhp(
            FunctionsConfig config,
            Functions functions,
            WorkerGroup workers,
            SiteSessions sessions,
            Generations generations,
            PoolKinds pools) {
        this.config = config;
        this.functions = functions;
        this.workers = workers;
        this.sessions = sessions;
        this.generations = generations;
        this.pools = pools;
    }

    /** Before the first masters start: what the file says now. Blocks. */
    void begin() {
        sessions.check();
        tell(SitePreview.of(config));
    }

    /** Once the functions are loaded: has another generation start when their sites come to have other settings. */
    void follow() {
        functions.onChange(this::ask);
    }

    /** Once generations can start: what has changed between the masters' start and the load. */
    void catchUp() {
        ask(functions.current());
    }

    private void ask(FunctionRegistry registry) {
        if (!all(registry).equals(told)) {
            generations.ask("the settings of PHP for the sites have changed");
        }
    }

    /** Before another generation starts. Blocks. */
    void tell(FunctionRegistry registry) {
        workers.folderSettings(text(registry, null));
        told = all(registry);
    }

    /**
     * What the masters of a pool are told.
     *
     * @param pool null for those of all other functions and sites
     */
    String text(FunctionRegistry registry, @Nullable PoolSettings pool) {
        return registry.hasSites() ? SiteIni.of(registry, pool, site -> sessions(site, pool)) : "";
    }

    private @Nullable Path sessions(String site, @Nullable PoolSettings pool) {
        return pool == null || pool.user() == null
                ? sessions.of(site, workers.user())
                : sessions.ofOwn(site, pools.user(pool));
    }

    private String all(FunctionRegistry registry) {
        StringBuilder all = new StringBuilder(text(registry, null));
        registry.pools()
                .forEach((name, pool) ->
                        all.append("; ").append(name).append('\n').append(text(registry, pool)));
        return all.toString();
    }
}
