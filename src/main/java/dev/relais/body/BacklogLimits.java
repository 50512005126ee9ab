package dev.relais.body;

import dev.relais.http.GatewayConfig;

/**
 * How much of an answer may be taken from PHP ahead of its client.
 *
 * @param memory bytes in memory
 * @param total bytes in memory and in a spool file together; when they are not more than {@code memory}, no file is used
 */
public record BacklogLimits(int memory, long total) {
    /** Bytes of an answer that are kept in memory even while the budget of all answers is used up. */
    static final int LEAST_MEMORY = 16 << 10;

    /** @param config checked */
    public static BacklogLimits of(GatewayConfig config) {
        return new BacklogLimits(
                (int) config.responseMemory().asLongValue(),
                config.responseBuffer().asLongValue());
    }
}
