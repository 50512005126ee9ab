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
import dev.relais.telemetry.UnreadMeters;
import dev.relais.tracing.Tracing;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/**
 * Makes a second gateway out of the same classes, for the warm-up: it has the event loops and the spool of the one that serves clients, and
 * everything that counts, averages, limits, remembers or tells is its own. So nothing that it does shows in meters, status or events, or
 * moves a limit, a score or a breaker. Its configuration is what holds where nothing is configured: the limits that are set for clients,
 * such as a queue without room or a body of no byte, would refuse what the warm-up asks.
 */
@Singleton
final class SeparateGateway {
    /** What its one function is called. */
    static final String FUNCTION = "warm-up";

    private static final long TIMEOUT_MILLIS = 60_000;

    private final Phase phase;
    private final Vertx vertx;
    private final Spool spool;
    private final FileThreads fileThreads;
    private final FileOpener opener;
    private final HeadWriter heads;

    SeparateGateway(
            Phase phase, Vertx vertx, Spool spool, FileThreads fileThreads, FileOpener opener, HeadWriter heads) {
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
        SmallRyeConfig settings = settings();
        GatewayConfig config = settings.getConfigMapping(GatewayConfig.class);
        UnreadMeters meters = new UnreadMeters();
        Events events = new Events();
        Refusals refusals = new Refusals();
        Balancer balancer = new Balancer(settings.getConfigMapping(SamplerConfig.class));
        MemoryBudgets memory = new MemoryBudgets(config, meters.memory());
        Pools pools = new Pools(balancer, settings.getConfigMapping(QueueConfig.class), memory, refusals);
        Gateway gateway = new Gateway(
                config,
                Functions.fixed(
                        settings.getConfigMapping(FunctionsConfig.class), FunctionRegistry.of(List.of(function()))),
                pools,
                new CircuitBreakers(settings.getConfigMapping(PoisonConfig.class), refusals, events),
                meters.invocations(),
                meters.observers(),
                Tracing.off(),
                phase,
                vertx,
                spool,
                fileThreads,
                opener,
                meters.answers(),
                memory,
                heads,
                events,
                null, // nothing is kept
                false,
                false,
                8443);
        HttpConnections connections =
                new HttpConnections(config, meters.connections(), meters.answers(), memory, heads);
        return new Made(gateway, balancer, pools, connections);
    }

    /** The defaults alone: no file, variable or property is read. */
    private static SmallRyeConfig settings() {
        return new SmallRyeConfigBuilder()
                .withMapping(GatewayConfig.class)
                .withMapping(FunctionsConfig.class)
                .withMapping(PoisonConfig.class)
                .withMapping(QueueConfig.class)
                .withMapping(SamplerConfig.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withConverter(Duration.class, 100, new DurationConverter())
                .build();
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
