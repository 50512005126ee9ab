package dev.relais.body;

import dev.relais.http.Callbacks;
import dev.relais.http.Framing;
import dev.relais.http.MemoryBudget;
import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpServerRequest;

/**
 * Makes the body of a request, and holds what all bodies share. Immutable.
 *
 * @param limits of each body
 * @param spool for those that outgrow their memory
 * @param budget the memory for all bodies together
 */
public record RequestBodies(BodyLimits limits, Spool spool, MemoryBudget budget) {
    /** The same with another size for each body. */
    public RequestBodies withMaxSize(long bytes) {
        return new RequestBodies(
                new BodyLimits(bytes, limits.memory(), limits.minRate(), limits.timeoutNanos()), spool, budget);
    }

    /**
     * Makes the body of a request that has one; nothing is read before {@link RequestBody#begin}.
     *
     * @param streamed whether the function wants its body as it comes, which is possible only when the head announces a length
     * @param loop of the request
     * @param callbacks of its invocation
     */
    public RequestBody of(
            HttpServerRequest request,
            boolean streamed,
            EventLoop loop,
            Callbacks callbacks,
            RequestBody.Listener listener) {
        return streamed && Framing.length(request) >= 0
                ? new StreamedBody(request, limits, budget, loop, callbacks, listener)
                : new GatheredBody(request, limits, spool, budget, loop, callbacks, listener);
    }
}
