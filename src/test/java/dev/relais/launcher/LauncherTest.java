package dev.relais.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launcher makes of its surroundings and of what it is given. */
class LauncherTest {
    private static final String SEVENTEEN = "17.0.9+9-Debian-1";

    @TempDir
    Path root;

    private LaunchedWithFakeJava launched;

    @BeforeEach
    void install() throws Exception {
        launched = new LaunchedWithFakeJava(root, SEVENTEEN);
    }

    @Test
    void itBecomesJavaAndKeepsTheFolderThatItWasCalledIn() throws Exception {
        LaunchedWithFakeJava.Outcome outcome = launched.run();
        assertEquals(7, outcome.exit());
        assertEquals(Long.toString(outcome.pid()), outcome.value("pid"));
        assertEquals(root.toRealPath().toString(), outcome.value("folder"));
        assertTrue(outcome.has("-XX:+ExitOnOutOfMemoryError"));
        assertEquals("", outcome.errors());
    }

    @Test
    void optionsOfJavaComeBeforeTheJarAndArgumentsBehindIt() throws Exception {
        List<String> lines = launched.run(
                        "-Da=b c", "-Xmx64m", "-javaagent:/x y.jar=1", "--add-opens=a/b=c", "one", "-Dtwo=*", "")
                .lines();
        int jar = lines.indexOf("-jar");
        assertEquals(
                List.of("-Da=b c", "-Xmx64m", "-javaagent:/x y.jar=1", "--add-opens=a/b=c"),
                lines.subList(jar - 4, jar));
        assertEquals(List.of(launched.jar(), "one", "-Dtwo=*", ""), lines.subList(jar + 1, jar + 5));
        for (String asked : List.of("--help", "--version")) {
            assertTrue(launched.run("-Da=b", asked).has(asked), "Relais answers " + asked);
        }
    }

    @Test
    void javaOptsComeBehindItsOwnOptionsAndAreNoPatterns() throws Exception {
        launched.environment.put("JAVA_OPTS", "  -XX:-ExitOnOutOfMemoryError   -Dfiles=* ");
        List<String> lines = launched.run("-Dlast=1").lines();
        int own = lines.indexOf("-XX:+ExitOnOutOfMemoryError");
        int theirs = lines.indexOf("-XX:-ExitOnOutOfMemoryError");
        assertTrue(own >= 0 && own < theirs, lines.toString());
        assertEquals(
                List.of("-XX:-ExitOnOutOfMemoryError", "-Dfiles=*", "-Dlast=1", "-jar"),
                lines.subList(theirs, theirs + 4));
    }

    /** Java reads them before the line: a launcher that puts its own options there would win over the user. */
    @Test
    void jdkJavaOptionsWinToo() throws Exception {
        launched.cache(SEVENTEEN + ".jsa");
        launched.environment.put("JDK_JAVA_OPTIONS", "-XX:-ExitOnOutOfMemoryError \"-Da=b c\"");
        LaunchedWithFakeJava.Outcome outcome = launched.run("-Dlast=1");
        assertEquals(
                List.of("-Dlast=1", "-jar", launched.jar()), outcome.lines().subList(0, 3));
        String options = outcome.value("JDK_JAVA_OPTIONS");
        assertTrue(options.startsWith("-XX:+ExitOnOutOfMemoryError "), options);
        assertTrue(options.endsWith(" -XX:-ExitOnOutOfMemoryError \"-Da=b c\""), options);
        assertTrue(options.contains(" \"-XX:SharedArchiveFile=" + launched.application), options);
    }

    /** With two collectors java does not start. */
    @ParameterizedTest
    @ValueSource(strings = {"JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", ""})
    void aCollectorThatTheUserChoosesIsTheOnlyOne(String variable) throws Exception {
        assertEquals(1, collectors(launched.run()));
        if (variable.isEmpty()) {
            assertEquals(1, collectors(launched.run("-XX:+UseZGC")));
            return;
        }
        launched.environment.put(variable, "-Dx=1 -XX:+UseZGC");
        assertEquals(variable.equals("JAVA_OPTS") ? 1 : 0, collectors(launched.run()));
    }

    private static long collectors(LaunchedWithFakeJava.Outcome outcome) {
        return outcome.lines().stream()
                .filter(line -> line.matches("-XX:\\+Use\\w*GC"))
                .count();
    }

    @Test
    void aHeapThatTheUserChoosesHasNoBoundsOfOurs() throws Exception {
        for (String option : List.of("-Xmx64m", "-XX:MaxRAMPercentage=50", "-Xms10m", "-XX:MaxHeapSize=64m")) {
            List<String> lines = launched.run(option).lines();
            assertEquals(
                    List.of(option),
                    lines.stream()
                            .filter(line -> line.matches("-Xm[sxn].*|-XX:\\w*(Heap|RAM|NewSize)\\w*=.*"))
                            .toList());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "17.0.9+9-Debian-1, jsa, -XX:SharedArchiveFile=",
        "21.0.1+12, jsa, -XX:SharedArchiveFile=",
        "25.0.3+9-LTS, aot, -XX:AOTCache="
    })
    void aCacheOfThisVeryJavaIsUsedAndNoOther(String version, String kind, String option) throws Exception {
        launched.release(version);
        launched.cache("17.0.8+1.jsa");
        launched.cache("25.0.2+1.aot");
        assertFalse(launched.run().lines().stream().anyMatch(line -> line.matches("-XX:(Shared|AOT).*")));
        Path cache = launched.cache(version + "." + kind);
        assertTrue(launched.run().has(option + cache));
        assertTrue(launched.run("-Xshare:off").lines().stream().noneMatch(line -> line.startsWith(option)));
    }

    @Test
    void itIsFoundThroughLinksOnThePathAndByAnyShell() throws Exception {
        Path links = Files.createDirectories(root.resolve("some links"));
        Path link = Files.createSymbolicLink(links.resolve("two"), launched.application.resolve("relais"));
        Files.createSymbolicLink(links.resolve("relais-link"), link);
        launched.environment.put("PATH", links + ":" + System.getenv("PATH"));
        List<List<String>> programs = new ArrayList<>(List.of(
                List.of(links.resolve("relais-link").toString()),
                List.of("some links/two"),
                List.of("sh", "some links/relais-link"),
                List.of("sh", "-c", "exec relais-link \"$@\"", "sh")));
        for (String shell : List.of("dash", "bash", "busybox")) {
            if (Files.isExecutable(Path.of("/usr/bin", shell)) || Files.isExecutable(Path.of("/bin", shell))) {
                programs.add(
                        shell.equals("busybox")
                                ? List.of(shell, "sh", "an application/relais")
                                : List.of(shell, "an application/relais"));
            }
        }
        for (List<String> program : programs) {
            LaunchedWithFakeJava.Outcome outcome = launched.run(program);
            assertTrue(
                    outcome.has(launched.application
                            .toRealPath()
                            .resolve("quarkus-run.jar")
                            .toString()),
                    program + outcome.errors());
        }
    }

    @Test
    void javaOnThePathIsTakenWithoutJavaHome() throws Exception {
        launched.environment.remove("JAVA_HOME");
        Path bin = Files.createDirectories(root.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("java"), launched.javaHome.resolve("bin/java"));
        launched.environment.put("PATH", bin + ":" + System.getenv("PATH"));
        assertEquals(7, launched.run().exit());
        launched.release("11.0.2+9");
        assertFails(launched.run(), "is version 11.0.2+9; install a Java runtime of version 17 or newer");
    }

    /** A wrapper, for example, has no file `release` above it. */
    @Test
    void javaIsAskedWhereNoFileTellsItsVersion() throws Exception {
        Files.delete(launched.javaHome.resolve("release"));
        String answer =
                "#!/bin/sh\n[ \"$1\" != -version ] || { echo 'openjdk version \"%s\" 2025-01-01' >&2; exit; }\nprintf '%%s\\n' \"$@\"\n";
        for (Map.Entry<String, Boolean> version :
                Map.of("17.0.9", true, "1.8.0_312", false, "21-ea", true).entrySet()) {
            LaunchedWithFakeJava.executable(
                    launched.javaHome.resolve("bin/java"), String.format(answer, version.getKey()));
            assertEquals(version.getValue(), launched.run().has("-jar"), version.getKey());
        }
    }

    @Test
    void whatStopsItIsSaidInOneLine() throws Exception {
        launched.environment.put("JAVA_HOME", "/nothing");
        assertFails(launched.run(), "relais: JAVA_HOME=/nothing: has no bin/java");
        launched.environment.remove("JAVA_HOME");
        Path bare = Files.createDirectories(root.resolve("bare"));
        for (String tool : List.of("readlink", "dirname", "sh")) {
            Path found = Path.of("/usr/bin").resolve(tool);
            Files.createSymbolicLink(
                    bare.resolve(tool),
                    Files.exists(found) ? found : Path.of("/bin").resolve(tool));
        }
        launched.environment.put("PATH", bare.toString());
        assertFails(launched.run(), "relais: there is no java on PATH");
        launched.environment.put("JAVA_HOME", launched.javaHome.toString());
        assertFails(launched.run("--port=80"), "relais: --port=80: is no option of Relais or java");
        assertFails(launched.run("--version", "now"), "relais: --version stands alone");
        Files.delete(launched.application.resolve("quarkus-run.jar"));
        assertFails(launched.run(), "quarkus-run.jar: cannot be read");
    }

    private static void assertFails(LaunchedWithFakeJava.Outcome outcome, String message) {
        assertEquals(1, outcome.exit(), outcome.toString());
        assertEquals(1, outcome.errors().lines().count(), outcome.errors());
        assertTrue(outcome.errors().contains(message), outcome.errors());
    }

    @Test
    void itSaysItsVersionAndHowItIsCalled() throws Exception {
        LaunchedWithFakeJava.Outcome version = launched.run("--version");
        assertEquals(
                List.of("relais 1.2.3, java 17.0.9+9-Debian-1 (" + launched.javaHome + "/bin/java)"), version.lines());
        assertEquals(0, version.exit());
        launched.environment.put("JAVA_HOME", "/nothing");
        LaunchedWithFakeJava.Outcome help = launched.run("--help");
        assertEquals(0, help.exit());
        assertTrue(help.lines().get(0).startsWith("usage: relais"), help.toString());
    }

    @Test
    void aCacheIsMadeOnlyWhereItCanBeKept() throws Exception {
        Files.createFile(launched.application.resolve("cache")); // no folder: not even root can write into it
        assertFails(launched.run("--make-cache"), "cache: cannot be written");
    }

    @Test
    void aTrainingRunThatGivesNoCacheLeavesNothing() throws Exception {
        LaunchedWithFakeJava.Outcome outcome = launched.run("--make-cache");
        assertEquals(1, outcome.exit());
        assertTrue(
                outcome.errors().endsWith("relais: no cache was made; the lines above tell why\n"), outcome.errors());
        assertTrue(outcome.errors().contains("\n--training-run\n"), outcome.errors());
        try (var left = Files.list(launched.application.resolve("cache"))) {
            assertEquals(List.of(), left.toList());
        }
    }
}
