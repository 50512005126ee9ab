package dev.relais.system;

import dev.relais.LogText;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.ConfigValue;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Logs at start which HTTP settings are in force, and how the kernel limits them. */
@Singleton
public class HostLimits {
    private static final Logger LOG = Logger.getLogger(HostLimits.class);
    private static final Path SOMAXCONN = Path.of("/proc/sys/net/core/somaxconn");

    private static final String PREFIX = "relais.";
    private static final int LONGEST_VALUE = 200;
    /** The rank of the defaults among the sources of configuration. */
    private static final int OF_DEFAULTS = Integer.MIN_VALUE;

    private final int backlog;
    private final boolean noDelay;
    private final boolean reusePort;
    private final boolean nativeTransport;
    private final int eventLoops;
    private final String idleTimeout;
    private final String maxHeader;
    private final String maxBody;
    private final String functionTimeout;

    @Inject
    HostLimits(
            @ConfigProperty(name = "quarkus.http.accept-backlog") int backlog,
            @ConfigProperty(name = "relais.http.tcp-no-delay", defaultValue = "true") boolean noDelay,
            @ConfigProperty(name = "quarkus.http.so-reuse-port") boolean reusePort,
            @ConfigProperty(name = "quarkus.vertx.prefer-native-transport") boolean nativeTransport,
            @ConfigProperty(name = "quarkus.vertx.event-loops-pool-size") int eventLoops,
            @ConfigProperty(name = "relais.http.idle-timeout") String idleTimeout,
            @ConfigProperty(name = "quarkus.http.limits.max-header-size") String maxHeader,
            @ConfigProperty(name = "relais.http.max-body-size") String maxBody,
            @ConfigProperty(name = "relais.functions.timeout") String functionTimeout) {
        this.backlog = backlog;
        this.noDelay = noDelay;
        this.reusePort = reusePort;
        this.nativeTransport = nativeTransport;
        this.eventLoops = eventLoops;
        this.idleTimeout = idleTimeout;
        this.maxHeader = maxHeader;
        this.maxBody = maxBody;
        this.functionTimeout = functionTimeout;
    }

    /** The listen backlog in force, which is the wanted one or the kernel's limit. */
    static int capped(int asked, int somaxconn) {
        return Math.min(asked, somaxconn);
    }

    public void log() {
        int somaxconn = somaxconn();
        int inForce = capped(backlog, somaxconn);
        LOG.infof(
                "HTTP limits in force: accept-backlog=%d tcp-nodelay=%s so-reuseport=%s event-loops=%d native-transport=%s"
                        + " idle-timeout=%s header-limit=%s body-limit=%s function-timeout=%s",
                inForce,
                onOff(noDelay),
                onOff(reusePort),
                eventLoops,
                nativeTransport ? "preferred" : "off",
                LogText.value(idleTimeout),
                LogText.value(maxHeader),
                LogText.value(maxBody),
                LogText.value(functionTimeout));
        LOG.infof("Keys that are set:%s", set(ConfigProvider.getConfig()));
        NativeExecutable.log();
    }

    /** Each {@code relais.*} key that was set; src/docs/configuration.md has the defaults. */
    static String set(Config config) {
        StringBuilder line = new StringBuilder();
        Set<String> names = new TreeSet<>();
        config.getPropertyNames().forEach(names::add);
        for (String name : names) {
            ConfigValue value = name.startsWith(PREFIX) ? config.getConfigValue(name) : null;
            if (value != null && value.getValue() != null && value.getSourceOrdinal() > OF_DEFAULTS) {
                boolean secret = name.matches(".*(token|php-settings|password|relais\\.debug\\.key).*");
                line.append(' ')
                        .append(name.substring(PREFIX.length()))
                        .append('=')
                        .append(
                                secret
                                        ? "..."
                                        : LogText.value(LogText.withoutCredentials(value.getValue()), LONGEST_VALUE));
            }
        }
        return line.isEmpty() ? " nothing" : line.toString();
    }

    private static String onOff(boolean value) {
        return value ? "on" : "off";
    }

    private static int somaxconn() {
        // A buffered reader is used, because the kernel answers only the first read, and readString begins with one
        // byte.
        try (BufferedReader file = Files.newBufferedReader(SOMAXCONN)) {
            return Integer.parseInt(file.readLine());
        } catch (IOException | NumberFormatException e) {
            return Integer.MAX_VALUE; // unknown, so the wanted value is logged
        }
    }
}
