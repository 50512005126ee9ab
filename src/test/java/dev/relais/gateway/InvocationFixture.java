package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.Phase;
import dev.relais.admission.CircuitBreaker;
import dev.relais.admission.CircuitBreakers;
import dev.relais.admission.PoisonConfig;
import dev.relais.admission.QueueConfig;
import dev.relais.admission.Refusals;
import dev.relais.admission.TestAdmission;
import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import dev.relais.balancer.Balancers;
import dev.relais.cache.ResultCache;
import dev.relais.dispatch.Pool;
import dev.relais.dispatch.Pools;
import dev.relais.dispatch.Runner;
import dev.relais.dispatch.TestPools;
import dev.relais.events.Events;
import dev.relais.fastcgi.EmbeddedChild;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.FunctionSettings;
import dev.relais.functions.Functions;
import dev.relais.functions.FunctionsConfig;
import dev.relais.functions.PhpFunction;
import dev.relais.http.GatewayConfig;
import dev.relais.http.HeadWriter;
import dev.relais.http.HeadWriters;
import dev.relais.http.MemoryBudgets;
import dev.relais.slot.EmbeddedWorker;
import dev.relais.telemetry.Meters;
import dev.relais.tracing.Tracing;
import io.netty.channel.embedded.EmbeddedChannel;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * Whole invocations between scripted clients and two scripted children: all that is between them is real, and no byte leaves the memory.
 * The test's thread is every event loop, and the clock stands until the test moves it.
 */
abstract class InvocationFixture {
    static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    static final long TIMEOUT = 5 * SECOND;
    static final long MAX_WAIT = 10 * SECOND;

    private static final Map<String, String> CONFIG = Map.of(
            "relais.http.max-body-size", "1000", "relais.poison.pause", "60s", "relais.http.compression", "gzip");
    private static Vertx vertx;

    final List<Integer> statuses = new ArrayList<>(); // of the invocations that have ended
    final WaitingRoom<Runner> room = TestAdmission.room(4, Duration.ofNanos(MAX_WAIT));
    final Phase phase = new Phase();
    final List<EmbeddedChild> children = new ArrayList<>();
    FunctionSettings settings = FunctionSettings.defaults(TimeUnit.NANOSECONDS.toMillis(TIMEOUT));
    HeadWriter heads = HeadWriters.plain(); // null: one that compresses
    String request; // what the child was sent that called has found
    private long now = -3; // a clock reading may be negative
    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final Balancer balancer = Balancers.empty();
    private final Pool pool = TestPools.of(balancer, room, () -> now);
    final EmbeddedWorker worker = new EmbeddedWorker(2, loop, () -> now, pool.dispatch());
    private CircuitBreakers breakers;
    private Gateway gateway;

    /** A client with its connection and one request. */
    final class Caller {
        final EmbeddedConnection line = new EmbeddedConnection(vertx);
        final ScriptedClient client = new ScriptedClient(line.connection());

        Caller() {
            client.request.headers().set("Host", "localhost");
        }

        Caller calls() {
            new Invocation(gateway(), gateway().edge(), client.request, now).begin(true);
            loop.runPendingTasks();
            return this;
        }

        void hangsUp() {
            line.hangUp();
            loop.runPendingTasks();
        }
    }

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close();
    }

    @BeforeEach
    void startChildren() throws Exception {
        loop.freezeTime();
        children.add(worker.start(0));
        children.add(worker.start(1));
        balancer.rankEqual(List.of(worker.worker()), now);
    }

    @AfterEach
    void stopChildren() {
        worker.close();
    }

    private static SmallRyeConfig config() {
        return new SmallRyeConfigBuilder()
                .withMapping(GatewayConfig.class)
                .withMapping(FunctionsConfig.class)
                .withMapping(PoisonConfig.class)
                .withMapping(QueueConfig.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withConverter(Duration.class, 100, new DurationConverter())
                .withDefaultValues(CONFIG)
                .build();
    }

    /** Made with the settings and the writer of heads that the test has chosen. */
    final Gateway gateway() {
        if (gateway == null) {
            gateway = make(config());
        }
        return gateway;
    }

    /** The result cache; null while nothing is kept. */
    ResultCache cache() {
        return null;
    }

    private Gateway make(SmallRyeConfig config) {
        GatewayConfig http = config.getConfigMapping(GatewayConfig.class);
        heads = heads == null ? HeadWriters.compressing(http) : heads;
        MemoryBudgets memory = new MemoryBudgets(http, Meters.ofMemory());
        Refusals refusals = new Refusals();
        breakers = new CircuitBreakers(config.getConfigMapping(PoisonConfig.class), refusals, new Events());
        FunctionRegistry registry = FunctionRegistry.of(List.of(function()));
        Pools pools = new Pools(Balancers.empty(), config.getConfigMapping(QueueConfig.class), memory, refusals) {
            @Override
            public Pool of(PhpFunction function) {
                return pool;
            }
        };
        return new Gateway(
                http,
                Functions.fixed(config.getConfigMapping(FunctionsConfig.class), registry),
                pools,
                breakers,
                Meters.ofInvocations(),
                Meters.observers(timeline -> statuses.add(timeline.status())),
                Tracing.off(),
                phase,
                loops(),
                null,
                null,
                null,
                Meters.ofAnswers(),
                memory,
                heads,
                new Events(),
                cache(),
                false,
                false,
                8443) {
            @Override
            LongSupplier clock() {
                return () -> now;
            }
        };
    }

    final PhpFunction function() {
        return new PhpFunction("scripted", "/srv/scripted.php", "/srv", "/api/scripted", false, null, null, settings);
    }

    /** A Vert.x of which nothing is known but its event loops. */
    private Vertx loops() {
        return (Vertx) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Vertx.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("nettyEventLoopGroup")) {
                        return loop.eventLoop();
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    final void pass(long nanos) {
        now += nanos;
        loop.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        loop.runScheduledPendingTasks();
        loop.runPendingTasks();
    }

    /** The child that was sent a request since this was asked last. */
    final EmbeddedChild called() {
        for (EmbeddedChild child : children) {
            request = child.received();
            if (!request.isEmpty()) {
                return child;
            }
        }
        throw new AssertionError("no child was called; ended with " + statuses + ", and " + room.length() + " wait");
    }

    final void noneIsCalled() {
        for (EmbeddedChild child : children) {
            assertEquals("", child.received());
        }
    }

    /** Sends what PHP would, and has the event loop do what follows. */
    final void sends(EmbeddedChild child, byte[]... parts) {
        child.sends(parts);
        loop.runPendingTasks();
    }

    final void dies(EmbeddedChild child) throws InterruptedException {
        worker.kill(children.indexOf(child));
        child.closes();
        loop.runPendingTasks();
    }

    /** Another process takes the place of a child that is gone. */
    final EmbeddedChild renew(EmbeddedChild gone) throws Exception {
        int slot = children.indexOf(gone);
        children.set(slot, worker.start(slot));
        loop.runPendingTasks();
        return children.get(slot);
    }

    /** The script of the function has killed so many processes that its breaker is open, for a minute. */
    final void poison() {
        gateway();
        CircuitBreaker breaker = breakers.of("scripted").own();
        for (int i = 0; i < 5; i++) {
            breaker.crashed(breaker.enter(), SECOND);
        }
        assertTrue(breaker.refuses());
    }

    final int running() {
        return gateway().state(function()).gate().running();
    }

    /** The invocations have ended with these statuses, and nothing is left of them. */
    final void allIsOver(Integer... ended) {
        assertEquals(List.of(ended), statuses);
        assertEquals(0, gateway().inFlight());
        assertEquals(0, running());
        assertEquals(0, room.length());
        assertEquals(2, worker.worker().size() - worker.worker().busy(), "free children");
    }
}
