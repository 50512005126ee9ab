package dev.relais.dispatch;

import io.vertx.core.http.HttpServerRequest;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Says which requests are debugged, and where. A gateway has one only if a request may ask for that. */
public interface DebugLanes {
    /** The lane of a request, by its head; null for an ordinary one. Called on the request's event loop. */
    @Nullable
    DebugLane of(HttpServerRequest request);

    /**
     * The lane of a request by its body; null for an ordinary one. Called on the request's event loop.
     *
     * @param start gives the beginning of the body, so many bytes at most
     */
    @Nullable
    DebugLane of(HttpServerRequest request, IntFunction<String> start);
}
