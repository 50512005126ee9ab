package dev.relais;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
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
            Map.entry("events", Set.of()),
            Map.entry("fastcgi", Set.of()),
            Map.entry("functions", Set.of("admission", "events")),
            Map.entry("admission", Set.of("events")),
            Map.entry("system", Set.of()),
            Map.entry("process", Set.of()),
            Map.entry("service", Set.of("events")),
            Map.entry("slot", Set.of("events", "fastcgi", "process")),
            Map.entry("fpm", Set.of("fastcgi", "process", "slot", "system")),
            Map.entry("worker", Set.of("events", "process", "slot", "system")),
            Map.entry("balancer", Set.of("events", "slot", "worker")),
            Map.entry("telemetry", Set.of("admission", "balancer", "events", "functions", "slot", "system", "worker")),
            Map.entry("http", Set.of("fastcgi", "system", "telemetry")),
            Map.entry("body", Set.of("fastcgi", "http", "system", "telemetry")),
            Map.entry("files", Set.of("fastcgi", "functions", "http", "process", "telemetry")),
            Map.entry("dispatch", Set.of("admission", "balancer", "fastcgi", "functions", "http", "slot", "telemetry")),
            Map.entry(
                    "gateway",
                    Set.of(
                            "admission",
                            "balancer",
                            "body",
                            "dispatch",
                            "events",
                            "fastcgi",
                            "files",
                            "functions",
                            "http",
                            "process",
                            "slot",
                            "telemetry")),
            Map.entry("health", Set.of("balancer", "functions", "slot", "system", "telemetry", "worker")),
            Map.entry("console", Set.of("events", "functions", "process", "slot", "system", "telemetry", "worker")),
            Map.entry(
                    "lifecycle",
                    Set.of(
                            "balancer",
                            "body",
                            "dispatch",
                            "events",
                            "fpm",
                            "functions",
                            "gateway",
                            "http",
                            "process",
                            "service",
                            "slot",
                            "system",
                            "telemetry",
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
                            "telemetry"))));

    /** Uses of Netty channels outside fastcgi, each with its reason. */
    private static final Map<String, String> NETTY_CHANNELS = Map.ofEntries(
            Map.entry("dev.relais.http.ConnectionClock", "times a client's connection from its first byte on"),
            Map.entry("dev.relais.http.SocketProgress", "counts what a client's socket has taken"),
            Map.entry(
                    "dev.relais.http.StreamClocks",
                    "counts what leaves the flow control of HTTP/2, and resets streams"),
            Map.entry("dev.relais.http.UnfinishedHeads", "counts what heads take before any request is known of"),
            Map.entry("dev.relais.http.LastAnswer", "answers where Vert.x knows of no request yet"),
            Map.entry("dev.relais.http.MalformedHeads", "answers what the HTTP/1 decoder has refused"),
            Map.entry(
                    "dev.relais.http.HttpConnections", "closes the listeners and the clients' connections at the stop"),
            Map.entry("dev.relais.http.Http2Heads", "sees the heads of HTTP/2 before Vert.x does"),
            Map.entry("dev.relais.http.Http2Resets", "ends streams when their reset is flushed"),
            Map.entry("dev.relais.http.PipelinedRequests", "lets one request at a time come to Vert.x"),
            Map.entry("dev.relais.http.AcceptedChannels", "Netty's hook for accepted channels"),
            Map.entry("dev.relais.http.ListenerLoop", "moves a listener to the event loop of its connections"),
            Map.entry("dev.relais.http.ConnectionVariables", "keeps with a channel what its requests share"),
            Map.entry(
                    "dev.relais.http.VertxConnection",
                    "what Vert.x does not give: channels, file regions, interim heads"),
            Map.entry("dev.relais.http.ResponseWriter", "tells by its exception that a client's connection is gone"),
            Map.entry("dev.relais.body.SpoolFile", "a file region, which the kernel copies into the child's socket"),
            Map.entry("dev.relais.service.NotifySocket", "sends datagrams to a Unix socket, without any channel"),
            Map.entry("dev.relais.http.ClientConnection", "hears from a client's channel that it has closed"));

    /** Who reads the real clock itself, each with its reason. */
    private static final Map<String, String> REAL_CLOCKS = Map.of(
            "dev.relais.LimitedLog", "static, as loggers are; what it asks, LogLimits, is given the time",
            "dev.relais.MessageLog", "as LimitedLog",
            "dev.relais.lifecycle.Pauses", "is itself the clock that is given to others");

    /** How many public types each room has. */
    private static final Map<String, Integer> PUBLIC_TYPES = Map.ofEntries(
            Map.entry("admission", 12),
            Map.entry("balancer", 5),
            Map.entry("body", 8),
            Map.entry("console", 6),
            Map.entry("dispatch", 8),
            Map.entry("events", 9),
            Map.entry("fastcgi", 9),
            Map.entry("files", 5),
            Map.entry("fpm", 2),
            Map.entry("functions", 16),
            Map.entry("gateway", 3),
            Map.entry("health", 6),
            Map.entry("http", 32),
            Map.entry("lifecycle", 5),
            Map.entry("process", 13),
            Map.entry("service", 1),
            Map.entry("slot", 31),
            Map.entry("system", 15),
            Map.entry("telemetry", 18),
            Map.entry("warmup", 2),
            Map.entry("worker", 8));

    /** Public though no class of another room uses them, each with its reason; beans and configuration are a framework's. */
    private static final Map<String, String> PUBLIC_FOR_OTHERS = Map.ofEntries(
            Map.entry("functions.DenyList", "is a part of an Application, which files hand on"),
            Map.entry("http.AcceptedChannels", "Netty makes it, by the name in META-INF/services"),
            Map.entry("http.AnswerDecoration", "a bean that adds to answers implements it"),
            Map.entry("http.ConnectionEnds", "the tests of the CGI variables make them as the gateway does"),
            Map.entry("http.ForwardingHeader", "is the value of a configuration key"),
            Map.entry("process.ProcessTree", "a Host hands it to the ender of processes"),
            Map.entry("slot.Proof", "its script is written by fpm, and the compiler copies the text"),
            Map.entry("lifecycle.Main", "Quarkus starts it"),
            Map.entry("http.ContentCoding", "files has one in a variable, which no class file names"),
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
    static final ArchRule vertxWebStaysInGatewayAndConsole = onlyIn(
            resideInAnyPackage("io.vertx.ext.web..", "io.quarkus.vertx.web.."),
            "dev.relais.gateway..",
            "dev.relais.console..");

    @ArchTest
    static final ArchRule micrometerStaysInTelemetry =
            onlyIn(resideInAPackage("io.micrometer.."), "dev.relais.telemetry..");

    @ArchTest
    static final ArchRule processesStayInTheWorkersRooms = onlyIn(
            describe("Process, ProcessBuilder and ProcessHandle", target -> target.getName()
                    .matches("java\\.lang\\.Process(Builder|Handle)?(\\$.*)?")),
            "dev.relais.process..",
            "dev.relais.fpm..",
            "dev.relais.slot..",
            "dev.relais.worker..");

    @ArchTest
    static final ArchRule nettyChannelsStayInFastcgi = noClasses()
            .that(describe(
                    "are neither in fastcgi nor named with a reason",
                    one -> !one.getPackageName().equals("dev.relais.fastcgi")
                            && !NETTY_CHANNELS.containsKey(ClassCircles.outermost(one))))
            .should()
            .dependOnClassesThat(
                    resideInAPackage("io.netty.channel..").and(not(describe("event loops", target -> target.getName()
                            .matches("io\\.netty\\.channel\\.EventLoop(Group)?")))));

    @ArchTest
    static final ArchRule noStreamsOnTheHotPath = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.relais.fastcgi..",
                    "dev.relais.balancer..",
                    "dev.relais.admission..",
                    "dev.relais.http..",
                    "dev.relais.body..",
                    "dev.relais.files..",
                    "dev.relais.dispatch..",
                    "dev.relais.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.stream..");

    @ArchTest
    static final ArchRule headsOfAnswersAreWrittenInOneClass = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.relais.http.HeadWriter")
            .and()
            .resideOutsideOfPackage("dev.relais.console..") // the answers of the management port
            .should()
            .callMethodWhere(describe(
                    "the status or a field of an answer is set",
                    call -> call.getTargetOwner().getName().equals("io.vertx.core.http.HttpServerResponse")
                            && call.getTarget().getName().matches("setStatus(Code|Message)|putHeader|headers")));

    @ArchTest
    static final ArchRule internalsOfVertxAreUsedInOneClass = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.relais.http.VertxConnection")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..impl..");

    /** So that all that takes time can be tested with a clock that stands until it is moved: a unit is given its clock. */
    @ArchTest
    static final ArchRule clocksAreArguments = noClasses()
            .that(describe("are not named with a reason", one -> !REAL_CLOCKS.containsKey(ClassCircles.outermost(one))))
            .should()
            .callMethodWhere(describe(
                    "a clock is read that nobody has given",
                    call -> isClockRead(
                                    call.getTargetOwner().getName(),
                                    call.getTarget().getName())
                            || isClock(
                                            call.getTargetOwner().getName(),
                                            call.getTarget().getName())
                                    && !call.getOrigin().isConstructor()));

    private static boolean isClockRead(String owner, String method) {
        return owner.equals("java.lang.System") && method.matches("nanoTime|currentTimeMillis")
                || owner.matches("java\\.time\\.\\w+") && method.equals("now")
                || owner.equals("java.util.Calendar") && method.equals("getInstance");
    }

    /** The clocks themselves, which a constructor may pass on to the one that has them as arguments. */
    private static boolean isClock(String owner, String method) {
        return owner.matches("java\\.time\\.(Clock|InstantSource)") && method.startsWith("system");
    }

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
    static final ArchRule noMutiny =
            noClasses().should().dependOnClassesThat().resideInAPackage("io.smallrye.mutiny..");

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

    private static ArchRule onlyIn(DescribedPredicate<JavaClass> targets, String... rooms) {
        return noClasses().that().resideOutsideOfPackages(rooms).should().dependOnClassesThat(targets);
    }
}
