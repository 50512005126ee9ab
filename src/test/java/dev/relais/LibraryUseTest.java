package dev.relais;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;

/** Where libraries, processes, channels and clocks may be used: each in few places, named here with their reasons. */
@AnalyzeClasses(packages = "dev.relais", importOptions = ImportOption.DoNotIncludeTests.class)
class LibraryUseTest {
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
            Map.entry("dev.relais.http.ClientGone", "tells by its exception that a client's connection is gone"),
            Map.entry("dev.relais.body.SpoolFile", "a file region, which the kernel copies into the child's socket"),
            Map.entry("dev.relais.accesslog.UnixDatagrams", "as NotifySocket, to a syslog server"),
            Map.entry("dev.relais.service.NotifySocket", "sends datagrams to a Unix socket, without any channel"),
            Map.entry("dev.relais.http.ClientConnection", "hears from a client's channel that it has closed"));

    /** Who reads the real clock itself, each with its reason. */
    private static final Map<String, String> REAL_CLOCKS = Map.of(
            "dev.relais.LimitedLog", "static, as loggers are; what it asks, LogLimits, is given the time",
            "dev.relais.MessageLog", "as LimitedLog",
            "dev.relais.lifecycle.Pauses", "is itself the clock that is given to others");

    @ArchTest
    static final ArchRule vertxWebStaysInGatewayConsoleAndDev = onlyIn(
            resideInAnyPackage("io.vertx.ext.web..", "io.quarkus.vertx.web.."),
            "dev.relais.gateway..",
            "dev.relais.console..",
            "dev.relais.dev..");

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
            .and()
            .resideOutsideOfPackage("dev.relais.dev..") // the pages of dev mode
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
    static final ArchRule noMutiny =
            noClasses().should().dependOnClassesThat().resideInAPackage("io.smallrye.mutiny..");

    private static ArchRule onlyIn(DescribedPredicate<JavaClass> targets, String... rooms) {
        return noClasses().that().resideOutsideOfPackages(rooms).should().dependOnClassesThat(targets);
    }
}
