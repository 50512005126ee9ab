package dev.relais.dispatch;

import dev.relais.admission.FunctionBreakers;
import dev.relais.admission.Gate;
import dev.relais.http.Problem;
import dev.relais.telemetry.FunctionMeters;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Workers for requests that are debugged, beside those of all others: they are started when the first such request comes. Nothing that
 * happens there counts for limits, breakers, meters or scores of the others. Any thread.
 */
public interface DebugLane {
    /** The time limit of a run as the slot has it. The lane itself ends runs earlier, unless a debugger is attached. */
    long SLOT_LIMIT_MILLIS = 86_400_000;

    Pool pool();

    /** The gate that all requests of the lane pass. */
    Gate gate();

    /** The breakers of a function, which refuse nothing. */
    FunctionBreakers breakers(String function);

    /** The meters of a function, which nobody reads. */
    FunctionMeters meters(String function);

    /**
     * The cookie that makes the extension begin with a request, but not with what Relais itself has the workers run; null when the request
     * needs none.
     */
    @Nullable
    String cookie(HttpServerRequest request);

    /** Whether its workers can be used now. */
    boolean isServing();

    /**
     * Starts the workers, unless that is done already.
     *
     * @param then told once, on any thread, why they do not start; or null when they serve
     */
    void start(Consumer<@Nullable Problem> then);
}
