package dev.relais.gateway;

import dev.relais.Phase;
import dev.relais.admission.CircuitBreakers;
import dev.relais.admission.Gate;
import dev.relais.admission.Limits;
import dev.relais.body.BacklogLimits;
import dev.relais.body.Spool;
import dev.relais.dispatch.FunctionLimits;
import dev.relais.events.Events;
import dev.relais.files.FileAccess;
import dev.relais.files.FileOpener;
import dev.relais.files.FileThreads;
import dev.relais.files.SendfileFolders;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.FunctionSettings;
import dev.relais.functions.Functions;
import dev.relais.functions.PhpFunction;
import dev.relais.http.ConnectionVariables;
import dev.relais.http.Edge;
import dev.relais.http.Forwarding;
import dev.relais.http.GatewayConfig;
import dev.relais.http.HeadWriter;
import dev.relais.http.MemoryBudgets;
import dev.relais.process.WorkerUser;
import dev.relais.telemetry.AnswerMeters;
import dev.relais.telemetry.InvocationMeters;
import dev.relais.telemetry.InvocationObservers;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What the invocations of this gateway share: the event loops, the registry, the dispatch, the state of each function.
 * Immutable but for the functions' states.
 */
@Singleton
public class Gateway {
    private final GatewayConfig config;
    private final Functions functions;
    private final Dispatch dispatch;
    private final CircuitBreakers breakers;
    private final InvocationMeters meters;
    private final InvocationObservers observers;
    private final Phase phase;
    private final Vertx vertx;
    private final Spool spool;
    private final FileAccess files;
    private final AnswerMeters answerMeters;
    private final MemoryBudgets memory;
    private final HeadWriter heads;
    private final Events events;
    private final BacklogLimits backlogLimits;
    private final ConnectionVariables connectionVariables;
    private final CgiEnvironment variables;

    private final Edge[] edges;
    private final Map<String, FunctionState> states = new ConcurrentHashMap<>();

    @Inject
    Gateway(
            GatewayConfig config,
            Functions functions,
            Dispatch dispatch,
            CircuitBreakers breakers,
            InvocationMeters meters,
            InvocationObservers observers,
            Phase phase,
            Vertx vertx,
            Spool spool,
            FileThreads fileThreads,
            FileOpener opener,
            AnswerMeters answerMeters,
            MemoryBudgets memory,
            HeadWriter heads,
            Events events,
            @ConfigProperty(name = "quarkus.http.proxy.proxy-address-forwarding", defaultValue = "false")
                    boolean quarkusForwarding,
            @ConfigProperty(name = "quarkus.http.proxy.use-proxy-protocol", defaultValue = "false")
                    boolean proxyProtocol) {
        this.config = config;
        this.functions = functions;
        this.dispatch = dispatch;
        this.breakers = breakers;
        this.meters = meters;
        this.observers = observers;
        this.phase = phase;
        this.vertx = vertx;
        this.spool = spool;
        this.answerMeters = answerMeters;
        this.memory = memory;
        this.heads = heads;
        this.events = events;
        this.backlogLimits = BacklogLimits.of(config);
        Forwarding forwarding = Forwarding.of(config, quarkusForwarding, proxyProtocol);
        this.connectionVariables = new ConnectionVariables(forwarding);
        this.variables = new CgiEnvironment(connectionVariables::of);
        SendfileFolders sendfile =
                new SendfileFolders(config.sendfileDirectories().orElse(List.of()), config.accelRedirects());
        this.files = new FileAccess(sendfile, opener, fileThreads);
        List<Edge> found = new ArrayList<>();
        for (EventExecutor loop : vertx.nettyEventLoopGroup()) {
            found.add(new Edge((EventLoop) loop, found.size(), System::currentTimeMillis));
        }
        this.edges = found.toArray(Edge[]::new);
        functions.onChange(this::onFunctions);
    }

    /** The event loops, by index. */
    public List<EventLoop> loops() {
        List<EventLoop> loops = new ArrayList<>();
        for (Edge edge : edges) {
            loops.add(edge.loop());
        }
        return loops;
    }

    public GatewayConfig config() {
        return config;
    }

    Functions functions() {
        return functions;
    }

    Dispatch dispatch() {
        return dispatch;
    }

    ConnectionVariables connectionVariables() {
        return connectionVariables;
    }

    CgiEnvironment variables() {
        return variables;
    }

    /** Writes the heads of all answers. */
    HeadWriter heads() {
        return heads;
    }

    Events events() {
        return events;
    }

    InvocationObservers observers() {
        return observers;
    }

    InvocationMeters meters() {
        return meters;
    }

    FileAccess files() {
        return files;
    }

    /** Whom files are opened for; before the first request. Blocks. */
    public void opensFilesFor(WorkerUser php) {
        files.opener().opensFor(php);
    }

    Spool spool() {
        return spool;
    }

    AnswerMeters answerMeters() {
        return answerMeters;
    }

    /** How long a client may hold an invocation of such a function back. */
    long clientWaitMillis(FunctionSettings settings) {
        long own = settings.clientWaitMillis();
        return own < 0 ? config.clientWait().toMillis() : own;
    }

    MemoryBudgets memory() {
        return memory;
    }

    BacklogLimits backlogLimits() {
        return backlogLimits;
    }

    boolean isDraining() {
        return phase.isDraining();
    }

    /** The edge of the current event loop. */
    Edge edge() {
        for (Edge edge : edges) {
            if (edge.loop().inEventLoop()) {
                return edge;
            }
        }
        throw new IllegalStateException(
                "not on an event loop: " + Thread.currentThread().getName());
    }

    FunctionState state(PhpFunction function) {
        FunctionState state = states.get(function.name());
        return state != null ? state : states.computeIfAbsent(function.name(), name -> newState(function));
    }

    /** Invocations whose head was read and whose last response byte is not written. Any thread. */
    public long inFlight() {
        long count = 0;
        for (Edge edge : edges) {
            count += edge.inFlight();
        }
        return count;
    }

    private FunctionState newState(PhpFunction function) {
        Gate gate = dispatch.room().newGate();
        gate.limits(FunctionLimits.of(function.settings().share()));
        String name = function.name();
        return new FunctionState(name, meters.of(name), gate, breakers.of(name));
    }

    /**
     * Puts the functions' limits in force; a reservation holds before the first invocation comes. After the first scan, and at
     * each change.
     */
    public void onFunctions(FunctionRegistry registry) {
        for (PhpFunction function : registry.all()) {
            Limits limits = FunctionLimits.of(function.settings().share());
            Gate gate = state(function).gate();
            if (!gate.limits().equals(limits)) {
                dispatch.limit(gate, limits);
            }
        }
        states.forEach((name, state) -> {
            if (registry.get(name) == null) {
                dispatch.limit(state.gate(), Limits.NONE);
                states.remove(name, state);
                breakers.remove(name);
            }
        });
    }
}
