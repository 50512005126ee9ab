package dev.relais.warmup;

import dev.relais.Phase;
import dev.relais.admission.CircuitBreakers;
import dev.relais.admission.PoisonConfig;
import dev.relais.admission.QueueConfig;
import dev.relais.admission.Refusals;
import dev.relais.balancer.Balancer;
import dev.relais.balancer.SamplerConfig;
import dev.relais.body.Spool;
import dev.relais.dispatch.Pools;
import dev.relais.events.Events;
import dev.relais.files.FileOpener;
import dev.relais.files.FileThreads;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.FunctionSettings;
import dev.relais.functions.Functions;
import dev.relais.functions.FunctionsConfig;
import dev.relais.functions.PhpFunction;
import dev.relais.gateway.Gateway;
import dev.relais.http.GatewayConfig;
import dev.relais.http.HeadWriter;
import dev.relais.http.HttpConnections;
import dev.relais.http.MemoryBudgets;
import dev.relais.slot.WorkerKind;
import dev.relais.telemetry.UnreadMeters;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Makes a second gateway out of the same classes, for the warm-up: it has the configuration, the event loops and the spool of the one that
 * serves clients, and everything that counts, averages, limits, remembers or tells is its own. So nothing that it does shows in meters,
 * status or events, or moves a limit, a score or a breaker.
 */
@Singleton
final class SeparateGateway {
    /** What its one function is called. */
    static final String FUNCTION = "warm-up";

    private static final long TIMEOUT_MILLIS = 60_000;

    private final GatewayConfig config;
    private final FunctionsConfig functionsConfig;
    private final PoisonConfig poisonConfig;
    private final SamplerConfig samplerConfig;
    private final QueueConfig queueConfig;
    private final WorkerKind kind;
    private final Phase phase;
    private final Vertx vertx;
    private final Spool spool;
    private final FileThreads fileThreads;
    private final FileOpener opener;
    private final HeadWriter heads;

    SeparateGateway(
            GatewayConfig config,
            FunctionsConfig functionsConfig,
            PoisonConfig poisonConfig,
            SamplerConfig samplerConfig,
            QueueConfig queueConfig,
            WorkerKind kind,
            Phase phase,
            Vertx vertx,
            Spool spool,
            FileThreads fileThreads,
            FileOpener opener,
            HeadWriter heads) {
        this.config = config;
        this.functionsConfig = functionsConfig;
        this.poisonConfig = poisonConfig;
        this.samplerConfig = samplerConfig;
        this.queueConfig = queueConfig;
        this.kind = kind;
        this.phase = phase;
        this.vertx = vertx;
        this.spool = spool;
        this.fileThreads = fileThreads;
        this.opener = opener;
        this.heads = heads;
    }

    /**
     * One of them.
     *
     * @param gateway with one function
     * @param balancer that has no workers yet
     * @param pools whom its workers tell of free slots
     * @param connections of its clients
     */
    record Made(Gateway gateway, Balancer balancer, Pools pools, HttpConnections connections) {}

    Made make() {
        UnreadMeters meters = new UnreadMeters();
        Events events = new Events();
        Refusals refusals = new Refusals();
        Balancer balancer = new Balancer(samplerConfig);
        MemoryBudgets memory = new MemoryBudgets(config, meters.memory());
        Pools pools = new Pools(kind, balancer, queueConfig, memory, refusals);
        Gateway gateway = new Gateway(
                config,
                Functions.fixed(functionsConfig, FunctionRegistry.of(List.of(function()))),
                pools,
                new CircuitBreakers(poisonConfig, refusals, events),
                meters.invocations(),
                meters.observers(),
                phase,
                vertx,
                spool,
                fileThreads,
                opener,
                meters.answers(),
                memory,
                heads,
                events,
                false,
                false);
        HttpConnections connections =
                new HttpConnections(config, meters.connections(), meters.answers(), memory, heads);
        return new Made(gateway, balancer, pools, connections);
    }

    /** There is no such script: who answers looks at none. */
    private static PhpFunction function() {
        return new PhpFunction(
                FUNCTION,
                "/functions/" + FUNCTION + ".php",
                "/functions",
                "/api/" + FUNCTION,
                false,
                "",
                null,
                FunctionSettings.defaults(TIMEOUT_MILLIS));
    }
}
