package dev.relais.executable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The service files that name a class of Netty, of Vert.x, of what Quarkus has for these, or of Relais. Each is registered for native
 * executables, by whom is written here, or is not needed there, for a reason that is written here.
 */
public final class ServiceFiles {
    private static final String FOLDER = "META-INF/services/";

    /** By an extension of Quarkus; {@code ExecutableIT} finds these in what Quarkus hands to the builder. */
    static final Set<String> BY_QUARKUS = Set.of(
            "io.quarkus.arc.spi.NonBlockingProvider",
            "io.quarkus.vertx.http.runtime.attribute.ExchangeAttributeBuilder",
            "org.eclipse.microprofile.config.spi.Converter",
            "org.jboss.logmanager.MDCProvider");

    static final Map<String, String> NOT_NEEDED = Map.ofEntries(
            Map.entry("io.quarkus.dev.spi.HotReplacementSetup", "of dev mode"),
            Map.entry("io.quarkus.runtime.test.TestHttpEndpointProvider", "of tests"),
            Map.entry("io.quarkus.value.registry.RuntimeInfoProvider", "of tests: the port that one of them injects"),
            Map.entry(
                    "io.smallrye.config.SmallRyeConfigBuilderCustomizer",
                    "Quarkus writes its classes into the configuration that it generates"),
            Map.entry(
                    "io.vertx.core.spi.JsonFactory", "loaded by a static initialiser, so when the executable is built"),
            Map.entry(
                    "io.vertx.core.spi.launcher.CommandFactory", "of Vert.x' command line, which Relais does not have"),
            Map.entry("io.vertx.ext.auth.HashingAlgorithm", "of passwords, which Relais does not check"),
            Map.entry("reactor.blockhound.integration.BlockHoundIntegration", "of BlockHound, an agent of the JVM"));

    /** As {@link #NOT_NEEDED}, but only on the class path of the package. */
    private static final Map<String, String> NOT_NEEDED_IN_THE_PACKAGE = Map.of(
            "io.vertx.codegen.GeneratorLoader", "of Vert.x' code generator, which runs when Vert.x itself is built");

    private ServiceFiles() {}

    private static boolean isOfInterest(String type) {
        return type.startsWith("io.netty.")
                || type.startsWith("io.vertx.")
                || type.startsWith("dev.relais.")
                || type.startsWith("io.quarkus.netty.")
                || type.startsWith("io.quarkus.vertx.");
    }

    /** The classes of a service, by its name: all of them when one of them, or the service itself, is of interest. */
    static Map<String, Set<String>> on(ClassPath path) throws IOException {
        Map<String, Set<String>> found = new TreeMap<>();
        path.read(name -> name.startsWith(FOLDER) && name.length() > FOLDER.length(), (name, bytes) -> new String(
                        bytes, StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .forEach(type -> found.computeIfAbsent(name.substring(FOLDER.length()), key -> new TreeSet<>())
                        .add(type)));
        found.entrySet()
                .removeIf(service -> !isOfInterest(service.getKey())
                        && service.getValue().stream().noneMatch(ServiceFiles::isOfInterest));
        return found;
    }

    /**
     * What an executable would not find.
     *
     * @param quarkus what Quarkus registers; null when that is not known, and then {@link #BY_QUARKUS} is believed
     */
    public static List<String> missing(ClassPath path, Registered relais, Registered quarkus) throws IOException {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, Set<String>> service : on(path).entrySet()) {
            String name = service.getKey();
            boolean byQuarkus = BY_QUARKUS.contains(name);
            if (byQuarkus && quarkus == null
                    || NOT_NEEDED.containsKey(name)
                    || NOT_NEEDED_IN_THE_PACKAGE.containsKey(name)) {
                continue;
            }
            Registered registered = byQuarkus ? quarkus : relais;
            if (!registered.hasResource(FOLDER + name)) {
                missing.add("the file of " + service);
            }
            service.getValue().stream()
                    .filter(type -> !registered.hasConstructor(type))
                    .forEach(type -> missing.add("the constructor of " + type));
        }
        return missing;
    }
}
