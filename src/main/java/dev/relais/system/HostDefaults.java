package dev.relais.system;

import io.quarkus.runtime.ImageMode;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import java.util.List;
import java.util.Map;

/**
 * Defaults that depend on the machine and on what runs here. They are below every source of configuration that is read at start, and above the
 * values that Quarkus has recorded at the build: among those are these defaults for the machine and the JVM that built the package.
 *
 * <p>One event loop for two cores, since PHP needs the rest; but on a JVM two of them where there are two cores, so that a stall of one does
 * not hold up all clients (src/docs/facts.md, fact 25). An executable, which no compiler stalls, pays more for what goes from one to the other.
 *
 * <p>A JVM spends less for a request with Netty's library for epoll, a native executable with the JDK's own sockets (NIO;
 * src/bench/results/native.md). So an executable loads the library only for a setting that the JDK's sockets do not have.
 */
public final class HostDefaults implements SmallRyeConfigBuilderCustomizer {
    /** Quarkus records at 0; the application's own file has 250. */
    static final int ORDINAL = 50;

    static final String LOOPS = "quarkus.vertx.event-loops-pool-size";
    static final String TRANSPORT = "quarkus.vertx.prefer-native-transport";
    /** The settings that only Netty's library has. */
    static final List<String> OF_THE_LIBRARY = List.of(
            "quarkus.http.so-reuse-port",
            "quarkus.http.tcp-quick-ack",
            "quarkus.http.tcp-cork",
            "quarkus.http.tcp-fast-open",
            "quarkus.http.domain-socket-enabled",
            "quarkus.management.domain-socket-enabled");

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        add(builder, Runtime.getRuntime().availableProcessors(), ImageMode.current() == ImageMode.NATIVE_RUN);
    }

    static void add(SmallRyeConfigBuilder builder, int processors, boolean executable) {
        ConfigSourceFactory source = context -> List.of(new PropertiesConfigSource(
                Map.of(
                        LOOPS,
                        Integer.toString(loops(processors, executable)),
                        TRANSPORT,
                        Boolean.toString(!executable || needsTheLibrary(context))),
                "relais host defaults",
                ORDINAL));
        builder.withSources(source);
    }

    private static int loops(int processors, boolean executable) {
        int least = executable ? 1 : Math.min(2, processors);
        return Math.max(least, processors / 2);
    }

    private static boolean needsTheLibrary(ConfigSourceContext context) {
        for (String name : OF_THE_LIBRARY) {
            ConfigValue value = context.getValue(name);
            // Whatever is not plainly "false" may mean yes: the library is slower, but has all that the JDK's sockets
            // have.
            if (value != null
                    && value.getValue() != null
                    && !value.getValue().strip().equalsIgnoreCase("false")) {
                return true;
            }
        }
        return false;
    }
}
