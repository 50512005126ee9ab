package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.cache.ResultCache;
import dev.relais.debug.Lanes;
import dev.relais.dev.DevExchanges;
import dev.relais.dev.DevMode;
import dev.relais.dev.LiveReload;
import dev.relais.functions.CodeContents;
import dev.relais.functions.Functions;
import dev.relais.functions.FunctionsConfig;
import dev.relais.functions.Reload;
import dev.relais.gateway.Gateway;
import dev.relais.process.WorkerUser;
import dev.relais.worker.CodeNews;
import dev.relais.worker.WorkerGroup;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Loads the functions at the start, or a copy of them where PHP's user may not read them. */
@Singleton
final class FirstFunctions {
    private static final Logger LOG = Logger.getLogger(FirstFunctions.class);

    private final Functions functions;
    private final FunctionsConfig config;
    private final WorkerGroup workers;
    private final CodeNews news;
    private final Gateway gateway;
    private final CodeContents contents;
    private final ResultCache cache;
    private final DevMode dev;
    private final DevExchanges exchanges;
    private final Lanes lanes;
    private final LiveReload pages;
    private final PoolKinds kinds;
    private final PoolKeeper pools;
    private final ResidentRenewal residents;

    FirstFunctions(
            Functions functions,
            FunctionsConfig config,
            WorkerGroup workers,
            CodeNews news,
            Gateway gateway,
            CodeContents contents,
            ResultCache cache,
            DevMode dev,
            DevExchanges exchanges,
            Lanes lanes,
            LiveReload pages,
            PoolKinds kinds,
            PoolKeeper pools,
            ResidentRenewal residents) {
        this.kinds = kinds;
        this.pools = pools;
        this.residents = residents;
        this.dev = dev;
        this.exchanges = exchanges;
        this.lanes = lanes;
        this.pages = pages;
        this.contents = contents;
        this.cache = cache;
        this.functions = functions;
        this.config = config;
        this.workers = workers;
        this.news = news;
        this.gateway = gateway;
    }

    /** Whether changed code is put in force by another generation of workers. */
    boolean comeByGenerations() {
        return config.reload() == Reload.GENERATIONS;
    }

    private boolean keepsAnswers() {
        contents.onChanged(cache::forget);
        return cache.isEnabled();
    }

    /**
     * Loads them. Called once the workers' run directory exists.
     *
     * @param developing whether a copy may be served
     * @param reservable how many children functions may reserve in all
     */
    void start(boolean developing, int reservable) {
        WorkerUser user = workers.user();
        gateway.opensFilesFor(user);
        if (dev.isOn()) {
            gateway.watchedBy(exchanges);
        }
        if (lanes.areWanted(dev.isOn())) {
            gateway.debugs(lanes);
        }
        functions.start(mirror(user, developing), reservable, kinds);
        gateway.onFunctions(functions.current());
        pools.tellApplications(functions.current());
        boolean told = news.isWanted();
        boolean kept = keepsAnswers();
        if (kept) {
            cache.share();
            functions.readContents(contents);
        }
        boolean shown = pages.isWanted();
        if (shown) {
            functions.onChange(registry -> pages.changed());
        }
        if (!comeByGenerations()) {
            residents.onRenewed(function -> renewed(function, kept, shown));
            residents.placesMayHaveChanged(functions.current());
            functions.onChange(residents::placesMayHaveChanged);
            AtomicBoolean follows = new AtomicBoolean(told || kept || shown);
            if (follows.get() || ResidentRenewal.isWanted(functions.current())) {
                follows.set(true);
                follow(told, kept, shown);
            }
            functions.onChange(registry -> {
                if (ResidentRenewal.isWanted(registry) && follows.compareAndSet(false, true)) {
                    follow(told, kept, shown);
                }
            });
        }
    }

    private void renewed(String function, boolean kept, boolean shown) {
        if (kept) {
            contents.reloaded(); // first: what still runs on the former code must not be kept
            cache.forget(function);
        }
        if (shown) {
            pages.changed();
        }
    }

    private void follow(boolean told, boolean kept, boolean shown) {
        residents.follows();
        functions.watchCode(
                change -> {
                    if (kept) {
                        contents.tell(change); // first: what PHP answers from now on may come from other code
                    }
                    if (told) {
                        news.tell(change.changed(), change.doubtful(), change.all());
                    }
                    residents.changed(change);
                    if (shown && !change.changed().isEmpty()) {
                        pages.changed(); // last: what they ask for is to come from the changed code
                    }
                },
                () -> news.hasServed() || shown);
    }

    /**
     * Loads them as a start would, and does not keep them.
     *
     * @param reservable how many children functions may reserve in all
     */
    void tryOut(int reservable) {
        mirror(workers.user(), false);
        functions.start(null, reservable, kinds);
        functions.stop();
    }

    /**
     * Where the copy of the functions is; null when PHP can read the directory itself.
     *
     * @throws ConfigurationProblem when PHP cannot read it, outside dev and test mode
     */
    private @Nullable Path mirror(WorkerUser user, boolean developing) {
        Path directory = config.directory();
        if (!Files.isDirectory(directory) || user.canRead(directory)) {
            return null; // the scan reports a missing directory
        }
        if (!developing) {
            throw new ConfigurationProblem(
                    "relais.functions.directory",
                    directory.toAbsolutePath(),
                    "the user " + user.name() + " that PHP runs as cannot read it",
                    "open the folders above it (chmod o+x), move it, or set relais.workers.user");
        }
        LOG.infof(
                "Functions cannot be read by the user of PHP, a copy is served: directory=%s user=%s",
                LogText.value(directory.toAbsolutePath()), LogText.value(user.name()));
        return workers.runDirectory().resolve("functions");
    }

    void stop() {
        cache.stopSharing();
        functions.stop();
    }
}
