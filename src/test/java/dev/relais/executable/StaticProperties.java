package dev.relais.executable;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@link StaticReads} finds in Netty, in Vert.x, in what Quarkus has for these and in Relais, and what a native executable does about it.
 * Each name belongs to a class that is initialised when the executable starts, or stands in {@code fixed-properties.txt}, so that the log
 * says when it was given in vain, or has a reason here.
 */
public final class StaticProperties {
    /** The classes that are initialised when the executable starts, as on a JVM; {@code ExecutableIT} asks the builder's report. */
    public static final Set<String> AT_START = Set.of(
            "io.netty.buffer.AdaptivePoolingAllocator",
            "io.vertx.redis.client.impl.ReadableBuffer",
            "io.netty.buffer.ByteBufUtil",
            "io.netty.buffer.PooledByteBufAllocator",
            "io.netty.channel.DefaultChannelId",
            "io.netty.channel.MultithreadEventLoopGroup",
            "io.netty.channel.epoll.Epoll",
            "io.netty.channel.epoll.EpollEventLoop",
            "io.netty.handler.ssl.ConscryptAlpnSslEngine",
            "io.netty.handler.ssl.ReferenceCountedOpenSslContext",
            "io.netty.resolver.dns.DefaultDnsServerAddressStreamProvider",
            "io.netty.util.concurrent.GlobalEventExecutor",
            "io.netty.util.internal.PlatformDependent",
            "io.netty.util.internal.PlatformDependent0",
            "io.netty.util.internal.ThreadLocalRandom",
            "io.vertx.core.buffer.impl.VertxByteBufAllocator");

    private static final String OPENSSL = "of OpenSSL, which Relais does not have";
    private static final String LINUX = "the same on every Linux";
    private static final String FILES =
            "where Vert.x unpacks files of the class path: Relais has none, and Quarkus sets it at start";
    private static final String WEB =
            "whether Vert.x' StaticHandler is in development mode: Relais has no such handler";

    /** By name, or by class and name where the name is no property's; each with the reason why nothing has to be said. */
    static final Map<String, String> EXCEPTIONS = Map.ofEntries(
            Map.entry("RES_OPTIONS", "of Netty's DNS client, which Relais does not use"),
            Map.entry("VERTXWEB_ENVIRONMENT", WEB),
            Map.entry("vertxweb.environment", WEB),
            Map.entry("java.io.tmpdir", FILES),
            Map.entry("vertx.cacheDirBase", FILES),
            Map.entry(
                    "java.net.preferIPv4Stack",
                    "which address of a name Netty takes: it resolves none here; Java reads it at start"),
            Map.entry("java.net.preferIPv6Addresses", "as java.net.preferIPv4Stack"),
            Map.entry("java.util.logging.config.file", "of a log that Quarkus' replaces"),
            Map.entry("javax.net.ssl.sessionCacheSize", OPENSSL),
            Map.entry("jdk.tls.namedGroups", OPENSSL),
            Map.entry("io.netty.handler.ssl.OpenSsl#" + StaticReads.COMPUTED, OPENSSL),
            Map.entry("line.separator", LINUX),
            Map.entry("os.name", LINUX),
            Map.entry("path.separator", LINUX),
            Map.entry(
                    "vertx.disableURIValidation",
                    "native-image.properties gives the builder the value that Main sets on a JVM"),
            Map.entry(
                    "vertx.logger-delegate-factory-class-name",
                    "Quarkus gives the builder the value that it sets on a JVM"),
            Map.entry(
                    "io.netty.util.internal.shaded.org.jctools.util.PortableJvmInfo#Runtime.availableProcessors",
                    "how many elements a queue of Netty hands over at a time: a hint that no queue in use takes"),
            Map.entry(
                    "io.vertx.core.VertxOptions#Runtime.availableProcessors",
                    "the default number of event loops: HostDefaults sets it at start"),
            Map.entry(
                    "io.vertx.core.json.jackson.HybridJacksonPool$VirtualPoolHolder#Runtime.availableProcessors",
                    "a pool of buffers for JSON on virtual threads, which Relais does not have"),
            Map.entry(
                    "io.vertx.core.json.jackson.JacksonCodec#" + StaticReads.COMPUTED,
                    "limits of the JSON that Vert.x reads: Relais has it read none"));

    private StaticProperties() {}

    /** The classes that read something when they are initialised. */
    public static Set<String> types() throws IOException {
        return all().keySet();
    }

    /** By class. */
    static Map<String, Set<String>> all() throws IOException {
        return StaticReads.find(name -> name.startsWith("io/netty/")
                || name.startsWith("io/vertx/")
                || name.startsWith("io/quarkus/netty/")
                || name.startsWith("io/quarkus/vertx/")
                || name.startsWith("dev/relais/"));
    }

    /** The properties that the executable has to tell of: those of classes that are initialised when it is built. */
    static Set<String> fixed(Map<String, Set<String>> all) {
        Set<String> names = new TreeSet<>();
        all.forEach((type, read) -> {
            if (!AT_START.contains(type)) {
                read.stream()
                        .filter(name -> !EXCEPTIONS.containsKey(name) && !EXCEPTIONS.containsKey(type + "#" + name))
                        .forEach(names::add);
            }
        });
        return names;
    }
}
