package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with the java that runs the tests. */
class LauncherIT {
    private static final Map<String, String> SCRIPTS = Map.of("hello.php", "<?php echo 'hello';");
    /** Of a line of {@code /proc/<pid>/stat}, counted from behind the name. */
    private static final int NICE = 16;

    @TempDir
    Path temporary;

    /** The nice value of a thread can be raised by anybody and lowered only by root, and goes on to what the thread starts. */
    @Test
    void noPhpProcessIsNicerThanTheGateway() throws Exception {
        try (PackagedGateway gateway = PackagedGateway.start(
                        PackagedGateway.functions(SCRIPTS),
                        Map.of("relais.functions.reload", "generations", "relais.workers.restart-delay", "1ms"))
                .ready()) {
            assertAllAsNiceAs(gateway);
            List<ProcessHandle> former = gateway.masters();
            gateway.signal("KILL", former.get(0));
            await().until(() ->
                    gateway.masters().size() == 2 && !gateway.masters().contains(former.get(0)));
            assertAllAsNiceAs(gateway);
            List<ProcessHandle> before = gateway.masters();
            gateway.signal("HUP", gateway.process());
            await().until(() ->
                    gateway.masters().size() == 2 && gateway.masters().stream().noneMatch(before::contains));
            assertAllAsNiceAs(gateway);
        }
    }

    private static void assertAllAsNiceAs(PackagedGateway gateway) throws IOException {
        int ours = nice(gateway.process().pid());
        for (ProcessHandle php : gateway.php()) {
            try {
                assertEquals(ours, nice(php.pid()), "process " + php.pid());
            } catch (IOException e) {
                assertFalse(php.isAlive(), e::toString); // it has ended meanwhile
            }
        }
    }

    private static int nice(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE]);
    }

    @Test
    void theCacheThatItMakesIsUsedAndAStaleOnePassedOver() throws Exception {
        PackagedGateway.assumeJvm("it is started without the launcher, and its classes are loaded when it is built");
        Path application = temporary.resolve("copy");
        copy(PackagedGateway.launcher().getParent(), application);
        Path launcher = application.resolve("relais");
        Path cache = application.resolve("cache");
        assertFalse(Files.exists(cache));
        assertTrue(run(launcher, "--make-cache").startsWith("relais: made " + cache));
        Path made = onlyFile(cache);

        Path loaded = temporary.resolve("loaded");
        String report = "-Xlog:class+load:file=" + loaded;
        try (PackagedGateway gateway = PackagedGateway.start(
                        launcher, List.of(report), PackagedGateway.functions(SCRIPTS), Map.of())
                .ready()) {
            assertTrue(isShared(loaded), gateway.log());
        }
        FileTime time = Files.getLastModifiedTime(made);
        Path jar = application.resolve("quarkus-run.jar");
        Files.setLastModifiedTime(
                jar, FileTime.fromMillis(Files.getLastModifiedTime(jar).toMillis() + 10_000));
        try (PackagedGateway gateway = PackagedGateway.start(
                        launcher, List.of(report), PackagedGateway.functions(SCRIPTS), Map.of())
                .ready()) {
            assertTrue(gateway.isAlive(), gateway.log());
            assertFalse(isShared(loaded));
            assertFalse(gateway.log().matches("(?s).*\\[(warning|error)\\s*\\].*"), gateway.log());
        }
        assertEquals(time, Files.getLastModifiedTime(onlyFile(cache)));
    }

    private static boolean isShared(Path loaded) throws IOException {
        try (Stream<String> lines = Files.lines(loaded)) {
            return lines.anyMatch(line ->
                    line.contains(" dev.relais.gateway.Gateway source: ") && line.contains("shared objects file"));
        }
    }

    private static Path onlyFile(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), all.toString());
            return all.get(0);
        }
    }

    /** But for the cache, and readable by any user. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path relative = from.relativize(file);
                if (!relative.startsWith("cache")) {
                    Files.copy(file, to.resolve(relative.toString()));
                }
            }
        }
    }

    private static String run(Path launcher, String argument) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), argument).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("RELAIS_WORKERS_PHP_FPM", "/nothing/php-fpm"); // as on a machine that only builds
        builder.environment().put("RELAIS_START_WARM_UP", "0s");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), output);
        return output;
    }
}
