package dev.relais.lifecycle;

import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.Functions;
import dev.relais.functions.FunctionsConfig;
import dev.relais.functions.SiteIni;
import dev.relais.functions.SitePreview;
import dev.relais.worker.Generations;
import dev.relais.worker.WorkerGroup;
import jakarta.inject.Singleton;

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
    private volatile String told = "";

    SitePhp(
            FunctionsConfig config,
            Functions functions,
            WorkerGroup workers,
            SiteSessions sessions,
            Generations generations) {
        this.config = config;
        this.functions = functions;
        this.workers = workers;
        this.sessions = sessions;
        this.generations = generations;
    }

    /** Before the first masters start: what the file says now. Blocks. */
    void begin() {
        sessions.check();
        tell(SitePreview.of(config));
    }

    /** Once the functions are loaded: has another generation start when their sites come to have other settings. */
    void follow() {
        functions.onChange(registry -> ask(functions.loaded()));
    }

    /** Once generations can start: what has changed before. */
    void catchUp() {
        ask(functions.loaded());
    }

    private void ask(FunctionRegistry loaded) {
        if (!text(loaded).equals(told) || functions.hasHeldSites()) {
            generations.ask("the settings of PHP for the sites have changed");
        }
    }

    /** Before another generation starts. Blocks. */
    void tell(FunctionRegistry registry) {
        String text = text(registry);
        workers.folderSettings(text);
        functions.toldPhp(registry);
        told = text;
    }

    private String text(FunctionRegistry registry) {
        return registry.hasSites() ? SiteIni.of(registry, site -> sessions.of(site, workers.user())) : "";
    }
}
