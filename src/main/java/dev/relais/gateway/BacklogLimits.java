package dev.relais.gateway;

import dev.relais.ConfigurationProblem;
import io.quarkus.runtime.configuration.MemorySize;

/**
 * How much of an answer may be taken from PHP ahead of its client.
 *
 * @param memory bytes in memory
 * @param total bytes in memory and in a spool file; not above {@code memory}: without a file
 */
record BacklogLimits(int memory, long total) {
    private static final int LEAST_MEMORY = 16 << 10;
    private static final int MOST_MEMORY = 1 << 30;

    /** @throws ConfigurationProblem naming the key that is out of range */
    static BacklogLimits of(GatewayConfig config) {
        MemorySize memory = config.responseMemory();
        long bytes = memory.asLongValue();
        if (bytes < LEAST_MEMORY || bytes > MOST_MEMORY) {
            throw new ConfigurationProblem(
                    "relais.http.response-memory", bytes, "is out of range", "set it to 16K to 1G, such as 256K");
        }
        return new BacklogLimits((int) bytes, config.responseBuffer().asLongValue());
    }
}
