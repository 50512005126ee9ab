package dev.relais.lifecycle;

import dev.relais.output.GatewayLog;
import dev.relais.output.LogConfig;
import dev.relais.telemetry.LogMeters;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Has the gateway's own log written by threads of its own while it serves; before and after that whoever logs writes. */
@Singleton
final class GatewayLogging {
    private static final Duration END = Duration.ofSeconds(2);

    private final LogConfig config;
    private final LogMeters meters;
    private final LongSupplier nanos;

    @Inject
    GatewayLogging(LogConfig config, LogMeters meters) {
        this(config, meters, System::nanoTime);
    }

    private GatewayLogging(LogConfig config, LogMeters meters, LongSupplier nanos) {
        LogConfig.check(config);
        this.config = config;
        this.meters = meters;
        this.nanos = nanos;
    }

    /** Once, and not where Quarkus configures the log again when classes are reloaded. */
    void start() {
        GatewayLog.queue(config.buffer().asLongValue(), meters::dropped, nanos);
    }

    /** Writes what waits, before the process ends. Blocks for seconds at most, also where nobody reads what is written. */
    static void finish() {
        GatewayLog.finish(END);
    }
}
