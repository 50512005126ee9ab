package dev.relais.body;

import dev.relais.http.GatewayConfig;

/**
 * The limits of a request's body.
 *
 * @param maxSize bytes at most
 * @param memory bytes that one body keeps in memory before it goes to a spool file
 * @param minRate bytes per second that the client has to send on average; 0: no minimum
 * @param timeoutNanos how long the client may pause
 */
public record BodyLimits(long maxSize, long memory, int minRate, long timeoutNanos) {
    /** @param config checked */
    public static BodyLimits of(GatewayConfig config) {
        return new BodyLimits(
                config.maxBodySize().asLongValue(),
                config.bodyMemory().asLongValue(),
                config.bodyMinRate(),
                config.bodyTimeout().toNanos());
    }
}
