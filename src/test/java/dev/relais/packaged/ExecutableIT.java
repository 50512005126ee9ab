package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.executable.ClassPath;
import dev.relais.executable.OwnResources;
import dev.relais.executable.Registered;
import dev.relais.executable.ServiceFiles;
import dev.relais.executable.StaticProperties;
import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is so only in a native executable, and what the tests of {@code dev.relais.executable} take for granted of how it is built. */
class ExecutableIT {
    private static final Map<String, String> SCRIPTS = Map.of("hello.php", "<?php echo 'hello';");
    private static final Pattern MAX_HEAP =
            Pattern.compile("Relais is a native executable: max-heap-mib=(\\d+) warm-up=none");
    private static final long MIB = 1 << 20;

    @BeforeAll
    static void anExecutable() {
        Assumptions.assumeTrue(PackagedGateway.isExecutable(), "./mvnw verify -Dnative tests an executable");
    }

    /** The folder that Quarkus hands to the builder. */
    private static Path sources() throws IOException {
        return only(Path.of("target"), "*-native-image-source-jar");
    }

    private static Path only(Path folder, String glob) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
            found.forEach(all::add);
        }
        assertEquals(1, all.size(), folder + "/" + glob + ": " + all);
        return all.get(0);
    }

    @Test
    void everyServiceFileOfItsClassPathIsRegisteredOrNotNeeded() throws IOException {
        Path jar = only(sources(), "*-runner.jar");
        try (FileSystem files = FileSystems.newFileSystem(jar);
                Stream<Path> libraries = Files.list(sources().resolve("lib"))) {
            List<Path> entries = Stream.concat(Stream.of(jar), libraries).toList();
            Path quarkus = files.getPath("META-INF/native-image");
            Path relais = Path.of("src/main/resources/META-INF/native-image/dev.relais/relais");
            assertEquals(
                    List.of(), ServiceFiles.missing(ClassPath.of(entries), registered(relais), registered(quarkus)));
        }
    }

    private static Registered registered(Path folder) throws IOException {
        return Registered.of(
                Files.readString(folder.resolve("reflect-config.json")),
                Files.readString(folder.resolve("resource-config.json")));
    }

    /** The builder keeps them as they are. */
    @Test
    void everyResourceOfRelaisIsInIt() throws IOException {
        String executable = text(PackagedGateway.program());
        Set<String> missing = OwnResources.all();
        assertFalse(missing.isEmpty());
        for (String name : List.copyOf(missing)) {
            if (executable.contains(text(Path.of("src/main/resources", name)))) {
                missing.remove(name);
            }
        }
        assertEquals(Set.of(), missing);
    }

    /** The bytes of a file as characters of the same numbers. */
    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    @Test
    void theClassesThatReadPropertiesAreInitialisedWhenTheListSays() throws IOException {
        Map<String, Boolean> atStart = new TreeMap<>();
        for (String line :
                Files.readAllLines(only(sources().resolve("reports"), "class_initialization_report_*.csv"))) {
            String[] fields = line.split(", ", 3);
            atStart.put(fields[0].strip(), fields[1].contains("RUN_TIME"));
        }
        assertTrue(atStart.size() > 1_000, "only " + atStart.size());
        Set<String> wrong = new TreeSet<>();
        for (String type : StaticProperties.types()) {
            Boolean there = atStart.get(type);
            if (there != null && there != StaticProperties.AT_START.contains(type)) {
                wrong.add(type + " is initialised when it " + (there ? "starts" : "is built"));
            }
        }
        assertEquals(Set.of(), wrong);
    }

    @Test
    void itsHeapIsAQuarterOfTheMemoryThatItMayHave() throws Exception {
        try (PackagedGateway gateway = PackagedGateway.startWithoutHeap(PackagedGateway.functions(SCRIPTS))
                .ready()) {
            Matcher line = MAX_HEAP.matcher(gateway.log());
            assertTrue(line.find(), gateway.log());
            long mib = Long.parseLong(line.group(1));
            long whole = memoryMib();
            assertTrue(mib >= whole * 0.22 && mib <= whole * 0.26, mib + " of " + whole);
        }
    }

    /** Of the machine, or of the limit of the control group where the tests run in a container. */
    private static long memoryMib() throws IOException {
        long least = Long.MAX_VALUE;
        for (String limit : List.of("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")) {
            if (Files.isReadable(Path.of(limit))) {
                String text = Files.readString(Path.of(limit)).strip();
                least = text.matches("\\d{1,18}") ? Math.min(least, Long.parseLong(text) / MIB) : least;
            }
        }
        String total = Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("\\D", "");
        return Math.min(least, Long.parseLong(total) / 1024);
    }

    /** Of 75 MiB about 55 are resident when it has started, and a third of that serves requests. */
    @Test
    void thePagesThatOnlyItsStartNeededAreGivenBack() throws Exception {
        long whole = Files.size(PackagedGateway.program()) / 1024;
        try (PackagedGateway gateway = PackagedGateway.start(PackagedGateway.functions(SCRIPTS), Map.of())
                .ready()) {
            assertEquals(200, gateway.get("/api/hello"));
            Path status = Path.of("/proc/" + gateway.process().pid() + "/status");
            await().until(() -> residentOfFiles(status) < whole * 0.45);
            assertEquals(200, gateway.get("/api/hello"));
        }
    }

    private static long residentOfFiles(Path status) throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("RssFile:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    @Test
    void whatItPassesOverIsToldOf() throws Exception {
        try (PackagedGateway gateway = PackagedGateway.start(
                        PackagedGateway.functions(SCRIPTS), Map.of("io.netty.recycler.ratio", "4"))
                .ready()) {
            assertTrue(
                    gateway.log()
                            .contains(
                                    "Has no effect on a native executable, see src/docs/native.md: setting=io.netty.recycler.ratio"),
                    gateway.log());
            assertTrue(MAX_HEAP.matcher(gateway.log()).find(), gateway.log());
            assertFalse(gateway.log().contains("setting=vertx"), gateway.log());
        }
    }

    @Test
    void itUsesTheSocketsOfTheJdkUnlessASettingNeedsNettysLibrary() throws Exception {
        Path functions = PackagedGateway.functions(SCRIPTS);
        try (PackagedGateway gateway =
                PackagedGateway.start(functions, Map.of()).ready()) {
            assertTrue(gateway.log().contains(" native-transport=off "), gateway.log());
            assertEquals(200, gateway.get("/api/hello"));
        }
        try (PackagedGateway gateway = PackagedGateway.start(functions, Map.of("quarkus.http.so-reuse-port", "true"))
                .ready()) {
            assertTrue(gateway.log().contains(" native-transport=preferred "), gateway.log());
            assertEquals(200, gateway.get("/api/hello"));
        }
    }

    @Test
    void itKeepsAnswersInRegionsThatCaffeineMakesByName() throws Exception {
        Path functions = PackagedGateway.functions(Map.of(
                "kept.php", "<?php header('Cache-Control: max-age=60'); echo hrtime(true);",
                "own.php", "<?php header('Cache-Control: no-store'); echo hrtime(true);"));
        try (PackagedGateway gateway =
                        PackagedGateway.start(functions, Map.of()).ready();
                RawClient client = RawClient.connect(gateway.port)) {
            String first = client.get("/api/kept").answer().text();
            Answer second = client.get("/api/kept").answer();
            assertEquals(200, second.status(), gateway.log());
            assertEquals(first, second.text());
            assertTrue(second.header("Cache-Status").startsWith("Relais; hit; ttl="), second.head()::toString);
            for (int i = 0; i < 3; i++) {
                assertEquals(200, client.get("/api/own").answer().status(), gateway.log());
            }
        }
    }
}
