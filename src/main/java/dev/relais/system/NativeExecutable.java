package dev.relais.system;

import dev.relais.LogText;
import io.quarkus.runtime.ImageMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * What a native executable does otherwise than a JVM: it says in the log what it passes over, although it was given (properties whose value was
 * read when it was built, and the variables from which a JVM takes its options), and gives back the memory that its start took. Does nothing on
 * a JVM.
 */
public final class NativeExecutable {
    private static final Logger LOG = Logger.getLogger(NativeExecutable.class);
    /** The names of properties, a line each; dev.relais.executable.StaticPropertiesTest finds them in the bytecode. */
    static final String FIXED = "fixed-properties.txt";

    private static final List<String> OF_A_JVM = List.of("JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");
    private static final int MIB = 1 << 20;

    private NativeExecutable() {}

    /** Called before anything sets a property by itself. */
    public static void warnOfWhatIsPassedOver() {
        if (isOne()) {
            for (String name : passedOver(System.getProperties().stringPropertyNames(), System.getenv())) {
                LOG.warnf(
                        "Has no effect on a native executable, see src/docs/native.md: setting=%s",
                        LogText.value(name));
            }
        }
    }

    /** The line at start. */
    static void log() {
        if (isOne()) {
            LOG.infof(
                    "Relais is a native executable: max-heap-mib=%d warm-up=none",
                    Runtime.getRuntime().maxMemory() / MIB);
        }
    }

    /** Called once, when the ports are open. On any thread; blocks for a millisecond. */
    public static void hasStarted() {
        if (isOne()) {
            StartPages.giveBack();
        }
    }

    private static boolean isOne() {
        return ImageMode.current() == ImageMode.NATIVE_RUN;
    }

    /** The names among those that are given which have no effect. */
    static Set<String> passedOver(Set<String> properties, Map<String, String> environment) {
        Set<String> names = new TreeSet<>(fixed());
        names.retainAll(properties);
        OF_A_JVM.stream()
                .filter(name -> !environment.getOrDefault(name, "").isBlank())
                .forEach(names::add);
        return names;
    }

    static Set<String> fixed() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(NativeExecutable.class.getResourceAsStream(FIXED), FIXED),
                StandardCharsets.UTF_8))) {
            return lines.lines().collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
