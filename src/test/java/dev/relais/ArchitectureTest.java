package dev.relais;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
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

/** The walls between the rooms of DESIGN.md, and the size of a class. A room without a line here fails. */
@AnalyzeClasses(packages = "dev.relais", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final Path SOURCES = Path.of("src/main/java");

    /** Who may import whom; what is in the root may be imported by all. */
    private static final Map<String, Set<String>> MAY_IMPORT = new TreeMap<>(Map.ofEntries(
            Map.entry("fastcgi", Set.of()),
            Map.entry("functions", Set.of()),
            Map.entry("admission", Set.of()),
            Map.entry("system", Set.of()),
            Map.entry("cache", Set.of("functions")),
            Map.entry("worker", Set.of("fastcgi")),
            Map.entry("balancer", Set.of("worker")),
            Map.entry("telemetry", Set.of("worker", "balancer", "admission", "functions")),
            Map.entry(
                    "gateway",
                    Set.of("functions", "admission", "balancer", "worker", "fastcgi", "telemetry", "cache", "system")),
            Map.entry("health", Set.of("functions", "admission", "balancer", "worker", "telemetry", "cache", "system")),
            Map.entry(
                    "console", Set.of("functions", "admission", "balancer", "worker", "telemetry", "cache", "system")),
            Map.entry(
                    "lifecycle",
                    Set.of(
                            "gateway",
                            "functions",
                            "admission",
                            "balancer",
                            "worker",
                            "telemetry",
                            "cache",
                            "system"))));

    /** Uses of Netty channels outside fastcgi, each with its reason. */
    private static final Map<String, String> NETTY_CHANNELS = Map.ofEntries(
            Map.entry("dev.relais.gateway.ConnectionClock", "times a client's connection from its first byte on"),
            Map.entry("dev.relais.gateway.SocketProgress", "counts what a client's socket has taken"),
            Map.entry(
                    "dev.relais.gateway.StreamClocks",
                    "counts what leaves the flow control of HTTP/2, and resets streams"),
            Map.entry(
                    "dev.relais.gateway.InterimAnswer",
                    "writes a head that Vert.x would write with nobody to follow it"),
            Map.entry("dev.relais.gateway.UnfinishedHeads", "counts what heads take before any request is known of"),
            Map.entry("dev.relais.gateway.MalformedHeads", "answers what the HTTP/1 decoder has refused"),
            Map.entry(
                    "dev.relais.gateway.HttpConnections",
                    "closes the listeners and the clients' connections at the stop"),
            Map.entry("dev.relais.gateway.AcceptedChannels", "Netty's hook for accepted channels"),
            Map.entry("dev.relais.gateway.ConnectionVariables", "keeps with a channel what its requests share"),
            Map.entry(
                    "dev.relais.gateway.FileAnswer", "a file region, which the kernel copies into the client's socket"),
            Map.entry("dev.relais.gateway.SpoolFile", "a file region, which the kernel copies into the child's socket"),
            Map.entry("dev.relais.gateway.ClientConnection", "hears from a client's channel that it has closed"));

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

    @ArchTest
    static final ArchRule theRootImportsNoRoom = noClasses()
            .that()
            .resideInAPackage("dev.relais")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.relais.*.."));

    @ArchTest
    static final ArchRule vertxWebStaysInGatewayAndConsole = onlyIn(
            resideInAnyPackage("io.vertx.ext.web..", "io.quarkus.vertx.web.."),
            "dev.relais.gateway..",
            "dev.relais.console..");

    @ArchTest
    static final ArchRule micrometerStaysInTelemetry =
            onlyIn(resideInAPackage("io.micrometer.."), "dev.relais.telemetry..");

    @ArchTest
    static final ArchRule processesStayInWorker = onlyIn(
            describe("Process, ProcessBuilder and ProcessHandle", target -> target.getName()
                    .matches("java\\.lang\\.Process(Builder|Handle)?(\\$.*)?")),
            "dev.relais.worker..");

    @ArchTest
    static final ArchRule nettyChannelsStayInFastcgi = noClasses()
            .that(describe(
                    "are neither in fastcgi nor named with a reason",
                    one -> !one.getPackageName().equals("dev.relais.fastcgi")
                            && !NETTY_CHANNELS.containsKey(outermost(one))))
            .should()
            .dependOnClassesThat(
                    resideInAPackage("io.netty.channel..").and(not(describe("event loops", target -> target.getName()
                            .matches("io\\.netty\\.channel\\.EventLoop(Group)?")))));

    @ArchTest
    static final ArchRule noStreamsOnTheHotPath = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.relais.fastcgi..", "dev.relais.balancer..", "dev.relais.admission..", "dev.relais.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.stream..");

    @ArchTest
    static final ArchRule noMutiny =
            noClasses().should().dependOnClassesThat().resideInAPackage("io.smallrye.mutiny..");

    @ArchTest
    static void noClassIsOver350Lines(JavaClasses classes) throws IOException {
        List<String> tooLong = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                int lines = lines(file);
                if (lines > 350) {
                    tooLong.add(file + ": " + lines);
                }
            });
        }
        assertEquals(List.of(), tooLong);
    }

    private static int lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ArchRule onlyIn(DescribedPredicate<JavaClass> targets, String... rooms) {
        return noClasses().that().resideOutsideOfPackages(rooms).should().dependOnClassesThat(targets);
    }

    private static String outermost(JavaClass one) {
        String name = one.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }
}
