package dev.relais.tracing;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Spans of requests. */
@ConfigMapping(prefix = "relais.tracing")
public interface TracingConfig {
    String PREFIX = "relais.tracing.";

    /** Where spans are sent to by OTLP over HTTP, such as http://collector:4318; they go to /v1/traces below it. Empty: there are none. */
    Optional<String> endpoint();

    /** Fields that are sent along, such as an Authorization: name=value, separated by commas. */
    Optional<String> headers();

    /** The share of requests that are traced, from 0 to 1, of those whose traceparent does not decide it. */
    @WithDefault("0.01")
    double ratio();

    /** Whether a request with a traceparent is traced if its client says so. With false the ratio decides, by the id of the trace. */
    @WithDefault("true")
    boolean parentDecides();

    /** The name of the service that spans belong to. */
    @WithDefault("relais")
    String service();

    /** How many spans may wait to be sent; beyond that the spans of a request are dropped. */
    @WithDefault("4096")
    int buffer();

    /** How long the receiver may take for an answer. */
    @WithDefault("10s")
    Duration timeout();

    /** @throws ConfigurationProblem naming the first key that cannot work */
    static void check(TracingConfig config) {
        config.endpoint().ifPresent(OtlpAddress::of);
        config.headers().ifPresent(OtlpAddress::fields);
        if (!(config.ratio() >= 0 && config.ratio() <= 1)) {
            throw new ConfigurationProblem(PREFIX + "ratio", config.ratio(), "is out of range", "set it to 0 to 1");
        }
        if (config.service().isBlank()) {
            throw new ConfigurationProblem(PREFIX + "service", config.service(), "is no name", "set a name");
        }
        Ranges.number(PREFIX + "buffer", config.buffer(), 16, 1 << 20);
        Ranges.time(PREFIX + "timeout", config.timeout(), Duration.ofSeconds(1), Duration.ofMinutes(5));
    }
}
