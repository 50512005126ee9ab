package dev.relais.gateway;

import dev.relais.Phase;
import dev.relais.admission.CircuitBreakers;
import dev.relais.admission.Gate;
import dev.relais.admission.Limits;
import dev.relais.body.AnswerBuffers;
import dev.relais.body.BacklogLimits;
import dev.relais.body.BodyLimits;
import dev.relais.body.RequestBodies;
import dev.relais.body.RequestBody;
import dev.relais.body.Spool;
import dev.relais.cache.ResultCache;
import dev.relais.dispatch.DebugLane;
import dev.relais.dispatch.DebugLanes;
import dev.relais.dispatch.ExchangeWatch;
import dev.relais.dispatch.Pool;
import dev.relais.dispatch.Pools;
import dev.relais.events.Events;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.files.FileAccess;
import dev.relais.files.FileOpener;
import dev.relais.files.FileThreads;
import dev.relais.files.SendfileFolders;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.FunctionSettings;
import dev.relais.functions.Functions;
import dev.relais.functions.PhpFunction;
import dev.relais.functions.PoolSettings;
import dev.relais.http.Callbacks;
import dev.relais.http.ConnectionVariables;
import dev.relais.http.Edge;
import dev.relais.http.Forwarding;
import dev.relais.http.GatewayConfig;
import dev.relais.http.HeadWriter;
import dev.relais.http.MemoryBudgets;
import dev.relais.process.WorkerUser;
import dev.relais.telemetry.AnswerMeters;
import dev.relais.telemetry.FunctionMeters;
import dev.relais.telemetry.InvocationMeters;
import dev.relais.telemetry.InvocationObservers;
import dev.relais.tracing.Tracing;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * What the invocations of this gateway have in common: the event loops, the registry, the dispatch, the state of each function.
 * Immutable except for the functions' states, the watch of dev mode and the lanes.
 */
@Singleton
public class Gateway {
    private final GatewayConfig config;
    private final Functions functions;
    private final Pools pools;
    private final CircuitBreakers breakers;
    private final InvocationMeters meters;
    private final InvocationObservers observers;
    private final Tracing tracing;
    private final Phase phase;
    private final LongSupplier clock = System::nanoTime;
    private final Vertx vertx;
    private final FileAccess files;
    private final Map<String, FileAccess> poolFiles = new ConcurrentHashMap<>(); // of pools with another user
    private final MemoryBudgets memory;
    private final HeadWriter heads;
    private final ConnectionVariables connectionVariables;
    private final RequestBodies bodies;
    private final RelayParts answers;
    private final CgiEnvironment variables;
    private final HttpsPort https;
    private final @Nullable Results results; // null: nothing is kept

    private @Nullable ExchangeWatch watch; // null: none
    private @Nullable DebugLanes lanes; // null: no request is debugged

    private final Edge[] edges;
    private final FunctionStates states = new FunctionStates(this::newState);

    @Inject
    public Gateway(
            GatewayConfig config,
            Functions functions,
            Pools pools,
            CircuitBreakers breakers,
            InvocationMeters meters,
            InvocationObservers observers,
            Tracing tracing,
            Phase phase,
            Vertx vertx,
            Spool spool,
            FileThreads fileThreads,
            FileOpener opener,
            AnswerMeters answerMeters,
            MemoryBudgets memory,
            HeadWriter heads,
            Events events,
            @Nullable ResultCache cache,
            @ConfigProperty(name = "quarkus.http.proxy.proxy-address-forwarding", defaultValue = "false")
                    boolean quarkusForwarding,
            @ConfigProperty(name = "quarkus.http.proxy.use-proxy-protocol", defaultValue = "false")
                    boolean proxyProtocol,
            @ConfigProperty(name = "quarkus.http.ssl-port", defaultValue = "8443") int sslPort) {
        this.config = config;
        this.functions = functions;
        this.pools = pools;
        this.breakers = breakers;
        this.meters = meters;
        this.observers = observers;
        this.tracing = tracing;
        this.phase = phase;
        this.vertx = vertx;
        this.memory = memory;
        this.heads = heads;
        this.bodies = new RequestBodies(BodyLimits.of(config), spool, memory.bodies());
        AnswerBuffers buffers = new AnswerBuffers(BacklogLimits.of(config), spool, memory.answers());
        this.answers = new RelayParts(buffers, answerMeters, phase::isDraining, events, clock);
        Forwarding forwarding = Forwarding.of(config, quarkusForwarding, proxyProtocol);
        this.connectionVariables = new ConnectionVariables(forwarding);
        this.variables = new CgiEnvironment(connectionVariables::of);
        this.https = new HttpsPort(sslPort);
        this.results = cache != null && cache.isEnabled() ? new Results(cache, connectionVariables) : null;
        SendfileFolders sendfile =
                new SendfileFolders(config.sendfileDirectories().orElse(List.of()), config.accelRedirects());
        this.files = FileAccess.of(sendfile, opener, fileThreads, config);
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

    ConnectionVariables connectionVariables() {
        return connectionVariables;
    }

    @Nullable
    Results results() {
        return results;
    }

    /** What is kept for a request; null for nothing, as for one that is debugged. */
    @Nullable
    Results results(HttpServerRequest request) {
        return lane(request) == null ? results : null;
    }

    CgiEnvironment variables() {
        return variables;
    }

    HttpsPort https() {
        return https;
    }

    /** The writer for the heads of all answers. */
    HeadWriter heads() {
        return heads;
    }

    InvocationObservers observers() {
        return observers;
    }

    Tracing tracing() {
        return tracing;
    }

    InvocationMeters meters() {
        return meters;
    }

    FileAccess files(PhpFunction function) {
        PoolSettings pool = function.settings().pool();
        return pool == null ? files : poolFiles.getOrDefault(pool.name(), files);
    }

    /** Sets the user whose rights decide which files may be sent. Called before the first request. Blocks. */
    public void opensFilesFor(WorkerUser php) {
        files.opener().opensFor(php);
    }

    /**
     * Sets the user whose rights decide which files may be sent for the functions and sites of a pool. Called before any runs there. Blocks.
     *
     * @param php null for that of all
     */
    public void opensFilesFor(String pool, @Nullable WorkerUser php) {
        if (php == null) {
            poolFiles.remove(pool);
        } else {
            poolFiles.put(pool, files.with(php));
        }
    }

    /** Has all exchanges watched. Called before the first request. */
    public void watchedBy(ExchangeWatch development) {
        watch = development;
    }

    /** Has requests debugged. Called before the first request. */
    public void debugs(DebugLanes debugging) {
        lanes = debugging;
    }

    /** Where a request is debugged; null when it is not. */
    private @Nullable DebugLane lane(HttpServerRequest request) {
        return lanes == null ? null : lanes.of(request);
    }

    /** Who is told of an exchange: the relay of its answer, perhaps by the watch. */
    ExchangeListener watched(ExchangeListener relay, HttpServerRequest request, PhpFunction function) {
        return watch == null ? relay : watch.watching(relay, request, function);
    }

    /** The body of a request to a function with these settings. */
    RequestBody body(
            HttpServerRequest request,
            FunctionSettings own,
            EventLoop loop,
            Callbacks callbacks,
            RequestBody.Listener listener) {
        RequestBodies sized = own.maxBodySize() < 0 ? bodies : bodies.withMaxSize(own.maxBodySize());
        return sized.of(request, own.streamsBody(), loop, callbacks, listener);
    }

    RelayParts answers() {
        return answers;
    }

    /** How long a client may hold PHP back in an invocation of a function with these settings. */
    long clientWaitMillis(FunctionSettings settings) {
        long own = settings.clientWaitMillis();
        return own < 0 ? config.clientWait().toMillis() : own;
    }

    MemoryBudgets memory() {
        return memory;
    }

    /** The clock, in nanoseconds as {@link System#nanoTime}. */
    LongSupplier clock() {
        return clock;
    }

    /** The time by that clock. */
    long nowNanos() {
        return clock.getAsLong();
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

    /** The state of a function for this request. */
    FunctionState state(PhpFunction function, HttpServerRequest request) {
        DebugLane lane = lane(request);
        return lane == null ? state(function) : FunctionState.debugged(function.name(), lane);
    }

    /** The state of a function for this request when its body has come, which may ask for a lane, and which may have taken its time. */
    FunctionState stateByBody(
            FunctionState byHead, PhpFunction function, HttpServerRequest request, @Nullable RequestBody body) {
        DebugLane lane = lanes == null || body == null || byHead.lane() != null ? null : lanes.of(request, body::start);
        if (lane != null) {
            return FunctionState.debugged(function.name(), lane);
        }
        PhpFunction now = byHead.isGone() ? functions.current().get(function.name()) : null;
        return now == null ? byHead : state(now); // its pool may not be there any more
    }

    FunctionState state(PhpFunction function) {
        return states.of(function);
    }

    /** The number of invocations whose head was read and whose last response byte is not yet written. Any thread. */
    public long inFlight() {
        long count = 0;
        for (Edge edge : edges) {
            count += edge.inFlight();
        }
        return count;
    }

    private FunctionState newState(PhpFunction function) {
        Pool pool = pools.of(function);
        Gate gate = pool.waitingRoom().newGate();
        gate.limits(function.settings().limits());
        String name = function.name();
        FunctionMeters own = meters.of(name, gate::running, gate::waiting);
        return new FunctionState(name, own, pool, gate, breakers.of(name));
    }

    /**
     * Puts the functions' limits in force, so that a reservation holds before the first invocation. Called after the first
     * scan, and then for each change.
     */
    public void onFunctions(FunctionRegistry registry) {
        files.changed();
        for (PhpFunction function : registry.all()) {
            Limits limits = function.settings().limits();
            FunctionState state = state(function);
            if (!state.gate().limits().equals(limits)) {
                state.pool().dispatch().limit(state.gate(), limits);
            }
        }
        states.retain(registry, this::forget);
    }

    /** @param now what has the name of a function that has gone; null when nothing has */
    private void forget(FunctionState state, @Nullable PhpFunction now) {
        String name = state.meters().function();
        state.leave();
        state.pool().dispatch().limit(state.gate(), Limits.NONE); // what it has reserved is free
        if (now == null) {
            breakers.remove(name);
            meters.forget(state.meters());
            if (results != null) {
                results.cache().remove(name);
            }
        }
    }
}
