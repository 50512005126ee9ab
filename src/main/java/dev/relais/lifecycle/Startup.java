package dev.relais.lifecycle;

import dev.relais.ConfigurationProblem;
import dev.relais.balancer.Balancer;
import dev.relais.balancer.Sampler;
import dev.relais.body.Spool;
import dev.relais.functions.Functions;
import dev.relais.functions.FunctionsConfig;
import dev.relais.functions.Reload;
import dev.relais.gateway.Dispatch;
import dev.relais.gateway.Gateway;
import dev.relais.http.HttpConnections;
import dev.relais.http.MemoryBudgets;
import dev.relais.process.WorkerUser;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerListener;
import dev.relais.system.HostLimits;
import dev.relais.telemetry.GenerationMeters;
import dev.relais.telemetry.Snapshots;
import dev.relais.telemetry.StateMeters;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkersConfig;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Starts the rooms in order: workers, functions, meters; then waits for the first worker to serve. Quarkus opens the ports after
 * that, so the first request finds everything there.
 */
@ApplicationScoped
public class Startup {
    private static final Logger LOG = Logger.getLogger(Startup.class);

    private final WorkerGroup workers;
    private final WorkersConfig workersConfig;
    private final Functions functions;
    private final FunctionsConfig functionsConfig;
    private final Gateway gateway;
    private final Dispatch dispatch;
    private final HttpConnections connections;
    private final Balancer balancer;
    private final Sampler sampler;
    private final StateMeters meters;
    private final Snapshots snapshots;
    private final GenerationMeters generationMeters;
    private final HostLimits limits;
    private final MemoryBudgets memory;
    private final Spool spool;
    private final Drain drain;
    private final HangUp hangUp;
    private final Switcher switcher;
    private final GenerationsConfig generationsConfig;
    private final Scheduler scheduler;

    Startup(
            WorkerGroup workers,
            WorkersConfig workersConfig,
            Functions functions,
            FunctionsConfig functionsConfig,
            Gateway gateway,
            Dispatch dispatch,
            HttpConnections connections,
            Balancer balancer,
            Sampler sampler,
            StateMeters meters,
            Snapshots snapshots,
            GenerationMeters generationMeters,
            HostLimits limits,
            MemoryBudgets memory,
            Spool spool,
            Drain drain,
            HangUp hangUp,
            Switcher switcher,
            GenerationsConfig generationsConfig,
            Scheduler scheduler) {
        this.workers = workers;
        this.workersConfig = workersConfig;
        this.functions = functions;
        this.functionsConfig = functionsConfig;
        this.gateway = gateway;
        this.dispatch = dispatch;
        this.connections = connections;
        this.balancer = balancer;
        this.sampler = sampler;
        this.meters = meters;
        this.snapshots = snapshots;
        this.generationMeters = generationMeters;
        this.limits = limits;
        this.memory = memory;
        this.spool = spool;
        this.drain = drain;
        this.hangUp = hangUp;
        this.switcher = switcher;
        this.generationsConfig = generationsConfig;
        this.scheduler = scheduler;
    }

    void onStart(@Observes StartupEvent event) {
        boolean developing = LaunchMode.current() != LaunchMode.NORMAL;
        boolean generations = functionsConfig.reload() == Reload.GENERATIONS;
        GenerationsConfig.check(generationsConfig);
        limits.log();
        memory.log();
        spool.check();
        if (!developing) {
            // Not in dev mode, where Netty outlives the classes that a reload replaces.
            MemoryEnd.install();
            connections.start();
            drain.install();
            hangUp.install();
        }
        CountDownLatch serving = new CountDownLatch(1);
        workers.start(
                gateway.loops(),
                dispatch,
                new Changes(serving),
                (int) gateway.config().maxResponseHead().asLongValue(),
                LaunchMode.current() == LaunchMode.DEVELOPMENT,
                !generations);
        try {
            gateway.opensFilesFor(workers.user());
            functions.start(mirror(developing), reservable());
            gateway.onFunctions(functions.current());
            sampler.onRanked(snapshots::take);
            meters.bind(workers.workers().size());
            generationMeters.bind();
            drain.waits();
            await(serving);
            switcher.start(generations);
            drain.started();
        } catch (RuntimeException e) {
            boolean stopped = drain.isBegun();
            Thread.interrupted(); // else nothing that is stopped now would be waited for
            switcher.stop();
            functions.stop();
            workers.stop();
            throw stopped ? new StoppedEarly() : e;
        }
        // It starts halted: a tick in the middle of a start that fails would find the container gone, and say so in a
        // stack trace.
        scheduler.resume();
    }

    /** A worker has changed: rank at once instead of at the next tick. From an event loop, so hand over. */
    private final class Changes implements WorkerListener {
        private final CountDownLatch serving;

        Changes(CountDownLatch serving) {
            this.serving = serving;
        }

        @Override
        public void onServing() {
            workers.ping().thenRunAsync(() -> {
                sampler.sample(System.nanoTime());
                serving.countDown();
            });
        }

        @Override
        public void onSlow() {
            workers.ping().thenRunAsync(() -> sampler.sampleEarly(System.nanoTime()));
        }
    }

    private void await(CountDownLatch serving) {
        Duration deadline = workersConfig.startTimeout();
        try {
            if (!serving.await(deadline.toMillis(), TimeUnit.MILLISECONDS) || !balancer.isServing()) {
                throw new ConfigurationProblem(
                        "relais.workers.start-timeout",
                        deadline,
                        "no PHP worker has answered within it",
                        "read the lines of dev.relais.php above, or set a longer time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
    }

    /** All children but one, which is left for functions without a reservation. */
    private int reservable() {
        int children = 0;
        for (Worker worker : workers.workers()) {
            children += worker.size();
        }
        return children - 1;
    }

    /**
     * Where a copy of the functions is served from; null when PHP can read the directory itself.
     *
     * @throws ConfigurationProblem when it cannot, outside dev and test mode
     */
    private Path mirror(boolean developing) {
        Path directory = functionsConfig.directory();
        WorkerUser user = workers.user();
        if (!java.nio.file.Files.isDirectory(directory) || user.canRead(directory)) {
            return null; // a missing directory is the scan's to report
        }
        if (!developing) {
            throw new ConfigurationProblem(
                    "relais.functions.directory",
                    directory.toAbsolutePath(),
                    "the user " + user.name() + " that PHP runs as cannot read it",
                    "open the folders above it (chmod o+x), move it, or set relais.workers.user");
        }
        Path copy = workers.runDirectory().resolve("functions");
        LOG.infof(
                "Functions cannot be read by the user of PHP, a copy is served: directory=%s user=%s",
                directory.toAbsolutePath(), user.name());
        return copy;
    }

    void onStop(@Observes ShutdownEvent event) {
        scheduler.pause();
        switcher.stop();
        functions.stop();
        workers.stop();
    }
}
