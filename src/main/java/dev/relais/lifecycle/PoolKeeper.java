package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.dispatch.Pool;
import dev.relais.dispatch.Pools;
import dev.relais.events.Events;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.PoolSettings;
import dev.relais.gateway.Gateway;
import dev.relais.telemetry.PoolViews;
import dev.relais.worker.Generation;
import dev.relais.worker.ResidentBoots;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkerGroups;
import dev.relais.worker.WorkersConfig;
import io.quarkus.runtime.LaunchMode;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts and ends the processes of pools: {@linkplain #start those of the start}, and then, together with each generation of the common
 * workers, a generation of each pool that there is then. Called by the starting thread, and then by the one that switches.
 */
@Singleton
final class PoolKeeper {
    private static final Logger LOG = Logger.getLogger(PoolKeeper.class);

    /**
     * A generation of a pool.
     *
     * @param workers the group that it belongs to
     */
    record Part(PoolWorkers workers, Generation generation) {}

    /** How much longer than {@code relais.workers.stop-timeout} the end of a generation may take, in milliseconds. */
    private static final long MORE_MILLIS = 15_000;

    private final WorkersConfig config;
    private final WorkerGroups groups;
    private final Pools pools;
    private final PoolKinds kinds;
    private final DeclaredPools declared;
    private final PoolViews views;
    private final SitePhp sites;
    private final ResidentParts residents;
    private final Gateway gateway;
    private final Events events;
    private final Map<String, PoolWorkers> serving = new TreeMap<>();
    private volatile boolean stopped;
    private final List<PoolWorkers> all =
            new CopyOnWriteArrayList<>(); // that have processes, whether or not they serve

    PoolKeeper(
            WorkersConfig config,
            WorkerGroups groups,
            Pools pools,
            PoolKinds kinds,
            DeclaredPools declared,
            PoolViews views,
            SitePhp sites,
            ResidentParts residents,
            Gateway gateway,
            Events events) {
        this.config = config;
        this.groups = groups;
        this.pools = pools;
        this.kinds = kinds;
        this.declared = declared;
        this.views = views;
        this.sites = sites;
        this.residents = residents;
        this.gateway = gateway;
        this.events = events;
    }

    /**
     * Starts those that the file has now, and returns at once.
     *
     * @param checksFiles whether opcache looks at each file for changes
     * @throws ConfigurationProblem when one cannot be started
     */
    void start(Map<String, PoolSettings> first, FunctionRegistry preview, boolean checksFiles) {
        List<Part> begun = new ArrayList<>();
        for (PoolSettings pool : first.values()) {
            begun.add(startNew(pool, 1, preview, checksFiles));
        }
        serve(begun);
    }

    private Part startNew(PoolSettings settings, int number, FunctionRegistry coming, boolean checksFiles) {
        ResidentBoots boots = residents.of(settings);
        WorkerGroup group =
                groups.add(kinds.of(settings), settings.children(), number, residents.recycling(settings), boots);
        Pool pool = pools.named(settings.name());
        PoolWorkers made = new PoolWorkers(settings, group, boots, pool, events);
        all.add(made);
        try {
            group.folderSettings(sites.text(coming, settings));
            made.start(
                    gateway.loops(),
                    (int) gateway.config().maxResponseHead().asLongValue(),
                    LaunchMode.current() == LaunchMode.DEVELOPMENT,
                    checksFiles);
        } catch (ConfigurationProblem e) {
            giveUp(made);
            throw PoolKinds.told(settings, e);
        } catch (RuntimeException e) {
            giveUp(made);
            throw e;
        }
        if (stopped) {
            stop(made);
            throw new IllegalStateException("the workers have stopped");
        }
        kinds.works(settings);
        LOG.infof(
                "Pool is started: pool=%s worker=%d children=%d user=%s",
                LogText.value(settings.name()),
                made.generation().workers().get(0).id(),
                settings.children(),
                LogText.value(kinds.user(settings).name()));
        return new Part(made, made.generation());
    }

    private void giveUp(PoolWorkers made) {
        stop(made);
        String name = made.settings().name();
        if (!serving.containsKey(name)) {
            pools.forget(name);
        }
    }

    /** Waits until each of the first ones serves. */
    void await(Duration deadline) throws InterruptedException {
        for (PoolWorkers workers : serving.values()) {
            // A resident function may need what comes later, such as a database: its requests wait, and readiness
            // tells.
            if (workers.settings().resident() == null && !workers.serves(deadline)) {
                throw new ConfigurationProblem(
                        "relais.workers.start-timeout",
                        deadline,
                        "no PHP process of the pool " + workers.settings().name() + " has answered within it",
                        "read the lines of dev.relais.php above, or set a longer time");
            }
        }
    }

    /** Tells those of the start what their children keep in memory, once the functions are loaded. */
    void tellApplications(FunctionRegistry functions) {
        for (PoolWorkers workers : serving.values()) {
            residents.tell(workers, functions);
        }
    }

    /** The generation of this pool that serves; null when there is no such pool. */
    @Nullable
    Part serving(String pool) {
        PoolWorkers workers = serving.get(pool);
        return workers == null ? null : new Part(workers, workers.generation());
    }

    /** Starts another generation of a resident function, which boots its code as it is now, and returns at once. */
    Part beginAnew(Part former, int number, FunctionRegistry functions) throws IOException {
        PoolWorkers workers = former.workers();
        residents.tell(workers, functions);
        return new Part(workers, workers.group().begin(number, Map.of()));
    }

    /** The generations that serve. */
    List<Part> serving() {
        List<Part> parts = new ArrayList<>();
        for (PoolWorkers workers : serving.values()) {
            parts.add(new Part(workers, workers.generation()));
        }
        return parts;
    }

    /**
     * Starts a generation of each pool of these functions, beside those that serve, and returns at once.
     *
     * @throws SwitchProblem when one cannot be started; then none is
     */
    List<Part> begin(int number, FunctionRegistry coming, boolean checksFiles) throws IOException, SwitchProblem {
        List<Part> begun = new ArrayList<>();
        boolean complete = false;
        declared.are(coming.pools().values()); // before the common children are counted, which have what these leave
        try {
            for (PoolSettings pool : coming.pools().values()) {
                PoolWorkers now = serving.get(pool.name());
                if (now != null && now.settings().equals(pool)) {
                    now.group().folderSettings(sites.text(coming, pool));
                    residents.tell(now, coming);
                    begun.add(new Part(now, now.group().begin(number, Map.of())));
                } else {
                    Part started = startNew(pool, number, coming, checksFiles);
                    residents.tell(started.workers(), coming);
                    begun.add(started);
                }
            }
            complete = true;
            return begun;
        } catch (ConfigurationProblem e) {
            throw new SwitchProblem(String.valueOf(e.getMessage()));
        } finally {
            if (!complete) {
                begun.forEach(this::end);
            }
        }
    }

    /** As {@link Crews#tellAgain}. */
    void tellAgain(FunctionRegistry inForce) {
        declared.are(inForce.pools().values());
        for (PoolWorkers workers : serving.values()) {
            workers.group().folderSettings(sites.text(inForce, workers.settings()));
        }
    }

    /**
     * What the pools of these functions need beyond those that serve.
     *
     * @param child the bytes of one more process
     * @param shared the bytes that the processes of one more pool share
     */
    long addedBytes(FunctionRegistry coming, long child, long shared) {
        long sum = 0;
        for (PoolSettings pool : coming.pools().values()) {
            PoolWorkers now = serving.get(pool.name());
            int before = now == null ? 0 : now.settings().children();
            sum += Math.max(0, pool.children() - before) * child + (now == null ? shared : 0);
        }
        return sum;
    }

    /** These serve from now on. Pools that are not among them serve who has found their functions before, until {@link #end}. */
    void serve(List<Part> next) {
        Map<String, PoolWorkers> before = new TreeMap<>(serving);
        serving.clear();
        for (Part part : next) {
            PoolWorkers workers = part.workers();
            PoolSettings settings = workers.settings();
            PoolWorkers former = before.get(settings.name());
            WorkerGroup draining = null;
            if (former != null && former != workers) {
                former.leaveRanking();
                draining = former.group();
            }
            gateway.opensFilesFor(settings.name(), settings.user() == null ? null : kinds.user(settings));
            workers.serve(part.generation(), draining);
            serving.put(settings.name(), workers);
        }
        publish();
    }

    private void publish() {
        List<PoolSettings> inForce = new ArrayList<>();
        List<PoolViews.View> shown = new ArrayList<>();
        for (PoolWorkers workers : serving.values()) {
            PoolSettings settings = workers.settings();
            inForce.add(settings);
            shown.add(new PoolViews.View(
                    settings,
                    kinds.user(settings).name(),
                    workers.group(),
                    workers.pool().ranking(),
                    workers.pool().waitingRoom()));
        }
        declared.are(inForce);
        kinds.retain(inForce);
        views.publish(shown);
    }

    /** Whether there is no pool of its name any more. */
    boolean isRemoved(Part part) {
        return !serving.containsKey(part.workers().settings().name());
    }

    /** The generations that have processes and do not serve. */
    List<Part> others() {
        List<Part> others = new ArrayList<>();
        for (PoolWorkers workers : all) {
            if (serving.get(workers.settings().name()) != workers
                    && workers.group().serving() != null) {
                others.add(new Part(workers, workers.generation()));
            }
            for (Generation other : workers.group().others()) {
                others.add(new Part(workers, other));
            }
        }
        return others;
    }

    /** Ends a generation that does not serve, and its group when that serves nothing else. Blocks. */
    void end(Part part) {
        PoolWorkers workers = part.workers();
        String name = workers.settings().name();
        if (serving.get(name) == workers) {
            endFormer(part);
            return;
        }
        workers.leaveRanking();
        stop(workers);
        if (!serving.containsKey(name)) {
            pools.forget(name);
            gateway.opensFilesFor(name, null);
            LOG.infof("Pool has ended: pool=%s", LogText.value(name));
        }
    }

    /** Ends a generation that does not serve of a pool that does. Blocks. */
    void endFormer(Part part) {
        try {
            part.workers()
                    .group()
                    .end(part.generation())
                    .get(config.stopTimeout().toMillis() + MORE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.errorf(
                    "Generation of a pool does not end, the guard will end it with the gateway: pool=%s generation=%d cause=%s",
                    LogText.value(part.workers().settings().name()),
                    part.generation().number(),
                    LogText.value(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the gateway stops, and ends it then
        }
    }

    private void stop(PoolWorkers workers) {
        groups.remove(workers.group());
        workers.group().stop();
        all.remove(workers);
    }

    /** Samples their workers. On the thread of the ticks, and after a generation has ended. */
    void sample() {
        for (PoolWorkers workers : all) {
            workers.sample();
        }
    }

    /**
     * Ends all processes at the gateway's stop. Blocks until the last has ended.
     *
     * @param meanwhile ends the other ones, which takes as long; called by this thread
     */
    void stop(Runnable meanwhile) {
        stopped = true;
        List<Thread> stops = new ArrayList<>();
        for (PoolWorkers workers : all) {
            Thread stop = new Thread(() -> stop(workers), "relais-pool-stop");
            stop.start();
            stops.add(stop);
        }
        meanwhile.run();
        for (Thread stop : stops) {
            try {
                stop.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
