package dev.relais.gateway;

import dev.relais.admission.CircuitBreaker;
import dev.relais.admission.FunctionBreakers;
import dev.relais.admission.Gate;
import dev.relais.dispatch.DebugLane;
import dev.relais.dispatch.Pool;
import dev.relais.fastcgi.Params;
import dev.relais.functions.PhpFunction;
import dev.relais.sites.Application;
import dev.relais.slot.UsualLatency;
import dev.relais.telemetry.FunctionMeters;
import org.jspecify.annotations.Nullable;

/**
 * The state of a function that is kept between invocations and over reloads, as long as there is a function of this name. Any
 * thread.
 */
final class FunctionState {
    private static final byte[] NO_BYTES = {};

    private final FunctionMeters meters;
    private final Pool pool;
    private final Gate gate;
    private final FunctionBreakers breakers;
    private final UsualLatency usualLatency;
    private final @Nullable DebugLane lane; // null for ordinary requests
    private volatile @Nullable Variables variables; // null: not encoded yet
    private volatile boolean gone;

    /** The CGI variables that are the same for all requests of a function, encoded. */
    private record Variables(PhpFunction function, byte[] encoded, byte[] own) {}

    FunctionState(String name, FunctionMeters meters, Pool pool, Gate gate, FunctionBreakers breakers) {
        this(name, meters, pool, gate, breakers, null);
    }

    private FunctionState(
            String name,
            FunctionMeters meters,
            Pool pool,
            Gate gate,
            FunctionBreakers breakers,
            @Nullable DebugLane lane) {
        this.meters = meters;
        this.pool = pool;
        this.gate = gate;
        this.breakers = breakers;
        this.lane = lane;
        this.usualLatency = new UsualLatency(name);
    }

    /** The state of a function for one request that is debugged: nothing of it counts for other requests. */
    static FunctionState debugged(String name, DebugLane lane) {
        return new FunctionState(name, lane.meters(name), lane.pool(), lane.gate(), lane.breakers(name), lane);
    }

    /** Where the request is debugged; null when it is not. */
    @Nullable
    DebugLane lane() {
        return lane;
    }

    /** The time limit of a run. */
    long timeoutMillis(PhpFunction function) {
        return lane == null ? function.settings().timeoutMillis() : DebugLane.SLOT_LIMIT_MILLIS;
    }

    /** There is no such function in this pool any more. */
    void leave() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    /** The pool in which the function runs. */
    Pool pool() {
        return pool;
    }

    Gate gate() {
        return gate;
    }

    /**
     * The breaker of the script that is to run.
     *
     * @param function the function that has this name now, with that script
     */
    CircuitBreaker breaker(PhpFunction function) {
        return function.application() == null
                ? breakers.own()
                : breakers.of(function.scriptFilename(), function.scriptName());
    }

    FunctionMeters meters() {
        return meters;
    }

    UsualLatency usualLatency() {
        return usualLatency;
    }

    /** @param function the function that has this name now, which after a reload may be another script */
    byte[] variables(PhpFunction function) {
        return encodedOf(function).encoded;
    }

    /** The variables that {@code functions.yaml} gives the function; may be none. */
    byte[] ownVariables(PhpFunction function) {
        return encodedOf(function).own;
    }

    private Variables encodedOf(PhpFunction function) {
        Variables current = variables;
        if (current == null || current.function != function) {
            current = new Variables(function, encode(function), encodeOwn(function));
            variables = current;
        }
        return current;
    }

    static byte[] encodeOwn(PhpFunction function) {
        Application application = function.application();
        if (application == null || application.variables().isEmpty()) {
            return NO_BYTES;
        }
        Params.Pairs pairs = new Params.Pairs();
        application.variables().forEach(pairs::add);
        return pairs.encoded();
    }

    /** The variables that depend on the function alone. */
    static byte[] encode(PhpFunction function) {
        return new Params.Pairs()
                .add("SCRIPT_FILENAME", function.scriptFilename())
                .add("SCRIPT_NAME", function.scriptName())
                .add("DOCUMENT_ROOT", function.documentRoot())
                .add("GATEWAY_INTERFACE", "CGI/1.1")
                .add("SERVER_SOFTWARE", "relais")
                // Relais checks no password, so it confirms no user, whatever a request says.
                .add("REMOTE_USER", "")
                // PHP that was built with force-redirect refuses to run without it.
                .add("REDIRECT_STATUS", "200")
                .encoded();
    }
}
