package dev.relais;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How much of PHP's messages is logged in an interval of ten seconds; what is beyond it is counted. */
@ConfigMapping(prefix = "relais.php-log")
public interface PhpLogConfig {
    String PREFIX = "relais.php-log.";

    /** So many messages of one function. */
    @WithDefault("100000")
    int functionMessages();

    /** So many bytes of the messages of one function, counted as characters. */
    @WithDefault("16M")
    MemorySize functionSize();

    /** So many bytes of the messages of all functions together. */
    @WithDefault("64M")
    MemorySize size();

    /** @throws ConfigurationProblem naming the first key that is out of its range */
    static void check(PhpLogConfig config) {
        Ranges.number(PREFIX + "function-messages", config.functionMessages(), 1, 1_000_000_000);
        Ranges.size(PREFIX + "function-size", config.functionSize(), 1 << 10, 1L << 40);
        Ranges.size(PREFIX + "size", config.size(), 1 << 10, 1L << 40);
    }
}
