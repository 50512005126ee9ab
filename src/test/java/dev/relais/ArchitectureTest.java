package dev.relais;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The allowed imports between the packages, and the size of a class. A package without a line here fails. */
@AnalyzeClasses(packages = "dev.relais", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "dev.relais";
    private static final Path SOURCES = Path.of("src/main/java");

    /** The packages that each package may import. The root package may be imported by all. */
    static final Map<String, Set<String>> MAY_IMPORT = new TreeMap<>(Map.ofEntries(
            Map.entry("accesslog", Set.of("output", "telemetry")),
            Map.entry("configuration", Set.of()),
            Map.entry("tracing", Set.of("http", "telemetry")),
            Map.entry("events", Set.of()),
            Map.entry("fastcgi", Set.of()),
            Map.entry("functions", Set.of("admission", "events", "sites")),
            Map.entry("sites", Set.of()),
            Map.entry("admission", Set.of("events")),
            Map.entry("system", Set.of()),
            Map.entry("process", Set.of()),
            Map.entry("service", Set.of("events")),
            Map.entry("slot", Set.of("events", "fastcgi", "process")),
            Map.entry("fpm", Set.of("fastcgi", "process", "slot", "system")),
            Map.entry("worker", Set.of("events", "process", "slot", "system")),
            Map.entry("slow", Set.of("events", "process", "slot", "worker")),
            Map.entry("balancer", Set.of("events", "slot", "worker")),
            Map.entry("telemetry", Set.of("admission", "balancer", "events", "functions", "slot", "system", "worker")),
            Map.entry("http", Set.of("fastcgi", "system", "telemetry")),
            Map.entry("hurl", Set.of()),
            Map.entry("migration", Set.of()),
            Map.entry("output", Set.of()),
            Map.entry("body", Set.of("fastcgi", "http", "system", "telemetry")),
            Map.entry("cache", Set.of("functions", "http", "telemetry")),
            Map.entry("redis", Set.of("cache", "telemetry")),
            Map.entry("files", Set.of("fastcgi", "functions", "http", "process", "sites", "telemetry")),
            Map.entry("dispatch", Set.of("admission", "balancer", "fastcgi", "functions", "http", "slot", "telemetry")),
            Map.entry(
                    "gateway",
                    Set.of(
                            "admission",
                            "balancer",
                            "body",
                            "cache",
                            "dispatch",
                            "events",
                            "fastcgi",
                            "files",
                            "functions",
                            "http",
                            "process",
                            "sites",
                            "slot",
                            "telemetry",
                            "tracing")),
            Map.entry("dev", Set.of("dispatch", "fastcgi", "functions", "http")),
            Map.entry(
                    "debug",
                    Set.of(
                            "admission",
                            "balancer",
                            "dispatch",
                            "events",
                            "http",
                            "process",
                            "slot",
                            "system",
                            "telemetry",
                            "worker")),
            Map.entry("health", Set.of("balancer", "functions", "slot", "system", "telemetry", "worker")),
            Map.entry(
                    "console",
                    Set.of(
                            "admission",
                            "balancer",
                            "cache",
                            "debug",
                            "events",
                            "functions",
                            "process",
                            "sites",
                            "slot",
                            "system",
                            "telemetry",
                            "worker")),
            Map.entry(
                    "lifecycle",
                    Set.of(
                            "accesslog",
                            "balancer",
                            "body",
                            "cache",
                            "configuration",
                            "debug",
                            "dev",
                            "dispatch",
                            "events",
                            "fpm",
                            "functions",
                            "gateway",
                            "http",
                            "hurl",
                            "migration",
                            "output",
                            "process",
                            "service",
                            "sites",
                            "slot",
                            "slow",
                            "system",
                            "telemetry",
                            "tracing",
                            "warmup",
                            "worker")),
            Map.entry(
                    "warmup",
                    Set.of(
                            "admission",
                            "balancer",
                            "body",
                            "dispatch",
                            "events",
                            "files",
                            "functions",
                            "gateway",
                            "http",
                            "slot",
                            "telemetry",
                            "tracing"))));

    /** How many public types each room has. */
    private static final Map<String, Integer> PUBLIC_TYPES = Map.ofEntries(
            Map.entry("accesslog", 2),
            Map.entry("output", 6),
            Map.entry("admission", 12),
            Map.entry("balancer", 5),
            Map.entry("body", 8),
            Map.entry("cache", 20),
            Map.entry("configuration", 3),
            Map.entry("console", 9),
            Map.entry("debug", 6),
            Map.entry("dev", 5),
            Map.entry("dispatch", 11),
            Map.entry("events", 9),
            Map.entry("fastcgi", 10),
            Map.entry("files", 5),
            Map.entry("fpm", 2),
            Map.entry("functions", 25),
            Map.entry("gateway", 3),
            Map.entry("health", 6),
            Map.entry("http", 42),
            Map.entry("hurl", 1),
            Map.entry("lifecycle", 6),
            Map.entry("migration", 1),
            Map.entry("process", 14),
            Map.entry("redis", 2),
            Map.entry("service", 1),
            Map.entry("sites", 16),
            Map.entry("slot", 37),
            Map.entry("slow", 2),
            Map.entry("system", 16),
            Map.entry("telemetry", 27),
            Map.entry("tracing", 3),
            Map.entry("warmup", 2),
            Map.entry("worker", 10));

    /** Public though no class of another room uses them, each with its reason; beans and configuration are a framework's. */
    private static final Map<String, String> PUBLIC_FOR_OTHERS = Map.ofEntries(
            Map.entry("http.AcceptedChannels", "Netty makes it, by the name in META-INF/services"),
            Map.entry("http.AnswerDecoration", "a bean that adds to answers implements it"),
            Map.entry("http.ConnectionEnds", "the tests of the CGI variables make them as the gateway does"),
            Map.entry("debug.DebugMode", "is the value of a configuration key"),
            Map.entry("http.ForwardingHeader", "is the value of a configuration key"),
            Map.entry("process.ProcessTree", "a Host hands it to the ender of processes"),
            Map.entry("slot.Proof", "its script is written by fpm, and the compiler copies the text"),
            Map.entry("lifecycle.Main", "Quarkus starts it"),
            Map.entry("http.ContentCoding", "files has one in a variable, which no class file names"),
            Map.entry("configuration.ValueChecks", "the configuration finds it, by the name in META-INF/services"),
            Map.entry("system.HostDefaults", "the configuration finds it, by the name in META-INF/services"),
            Map.entry("telemetry.InvocationObserver", "a bean that is told of invocations implements it"));

    @ArchTest
    static void everyRoomHasItsWalls(JavaClasses classes) {
        Set<String> rooms = new TreeSet<>();
        for (JavaClass one : classes) {
            String name = one.getPackageName();
            assertTrue(name.equals("dev.relais") || name.matches("dev\\.relais\\.[a-z]+"), name);
            if (name.length() > "dev.relais".length()) {
                rooms.add(name.substring("dev.relais.".length()));
            }
        }
        rooms.removeAll(MAY_IMPORT.keySet());
        assertEquals(Set.of(), rooms);
    }

    @ArchTest
    static void everyRoomImportsOnlyWhatItMay(JavaClasses classes) {
        MAY_IMPORT.forEach((room, allowed) -> {
            String[] walls = MAY_IMPORT.keySet().stream()
                    .filter(other -> !other.equals(room) && !allowed.contains(other))
                    .map(other -> "dev.relais." + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("dev.relais." + room + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(walls)
                    .allowEmptyShould(true)
                    .check(classes);
        });
    }

    /** Two classes may know each other when they are one idea. In a longer circle no class can be read without all the others. */
    @ArchTest
    static void noClassCircleIsLongerThanTwo(JavaClasses classes) {
        List<Set<String>> tooLong = new ArrayList<>();
        for (Set<String> circle : ClassCircles.of(classes)) {
            Set<String> names = new TreeSet<>();
            circle.forEach(name -> names.add(name.substring(name.lastIndexOf('.') + 1)));
            if (names.size() > 2) {
                tooLong.add(names);
            }
        }
        assertEquals(List.of(), tooLong);
    }

    /** What a room shows is what must be known of it to use it. A lower number may be written here, a higher one has its reason. */
    @ArchTest
    static void everyRoomShowsFewTypes(JavaClasses classes) {
        Map<String, Integer> shown = new TreeMap<>();
        for (JavaClass one : classes) {
            if (isShown(one)) {
                shown.merge(one.getPackageName().substring(ROOT.length() + 1), 1, Integer::sum);
            }
        }
        Map<String, String> tooMany = new TreeMap<>();
        shown.forEach((room, count) -> {
            int most = PUBLIC_TYPES.getOrDefault(room, 0);
            if (count > most) {
                tooMany.put(room, count + " public types, and " + most + " are enough");
            }
        });
        assertEquals(Map.of(), tooMany);
    }

    /** A type is public because another room uses it, or because a framework or a user's own class does. */
    @ArchTest
    static void whatIsPublicIsUsedByAnotherRoom(JavaClasses classes) {
        Set<String> used = new TreeSet<>();
        for (JavaClass one : classes) {
            for (Dependency use : one.getDirectDependenciesFromSelf()) {
                if (!use.getTargetClass().getPackageName().equals(one.getPackageName())) {
                    used.add(ClassCircles.outermost(use.getTargetClass()));
                }
            }
        }
        Set<String> unused = new TreeSet<>();
        for (JavaClass one : classes) {
            if (isShown(one) && !isFrameworks(one) && !used.contains(one.getName())) {
                unused.add(one.getName().substring(ROOT.length() + 1));
            }
        }
        unused.removeAll(PUBLIC_FOR_OTHERS.keySet());
        assertEquals(Set.of(), unused);
    }

    private static boolean isShown(JavaClass one) {
        return one.getPackageName().length() > ROOT.length()
                && one.getEnclosingClass().isEmpty()
                && one.getModifiers().contains(JavaModifier.PUBLIC);
    }

    /** Whether it has an annotation of Quarkus, CDI or MicroProfile, who use it by that. */
    private static boolean isFrameworks(JavaClass one) {
        return one.getAnnotations().stream()
                .anyMatch(
                        annotation -> !annotation.getRawType().getPackageName().startsWith("java."));
    }

    @ArchTest
    static final ArchRule theRootImportsNoRoom = noClasses()
            .that()
            .resideInAPackage("dev.relais")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.relais.*.."));

    @ArchTest
    static void everyRoomSaysWhatMayBeNull(JavaClasses classes) throws ClassNotFoundException {
        Set<String> silent = new TreeSet<>();
        for (JavaClass one : classes) {
            Class<?> room = Class.forName(one.getPackageName() + ".package-info");
            if (!room.isAnnotationPresent(NullMarked.class)) {
                silent.add(one.getPackageName());
            }
        }
        assertEquals(Set.of(), silent);
    }

    @ArchTest
    static void noClassIsOver350Lines(JavaClasses classes) throws IOException {
        List<String> tooLong = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                int lines = linesWithoutImports(file);
                if (lines > 350) {
                    tooLong.add(file + ": " + lines);
                }
            });
        }
        assertEquals(List.of(), tooLong);
    }

    private static int linesWithoutImports(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            lines.removeIf(line -> line.startsWith("import ")); // many small rooms make many imports of one idea
            return lines.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
