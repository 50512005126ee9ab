package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import dev.relais.testing.RawClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose standard output is a pipe that nobody reads, as when a log collector hangs. */
@Timeout(value = 4 * Patience.SECONDS, unit = TimeUnit.SECONDS)
class BlockedOutputIT {
    /** Some times what a pipe takes, and more than a line that is written in one piece. */
    private static final int REQUESTS = 300;

    private static final Map<String, String> SCRIPTS = Map.of(
            "logs.php", "<?php error_log('begin ' . str_repeat('x', 6000) . ' end'); echo 'logged';",
            "hello.php", "<?php echo 'hello';");

    @TempDir
    Path folder;

    private Path pipe() throws IOException, InterruptedException {
        Path pipe = folder.resolve("output");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        return pipe;
    }

    private static double dropped(PackagedGateway gateway) throws IOException {
        try (RawClient client = RawClient.connect(gateway.management)) {
            return client.get("/q/metrics")
                    .answer()
                    .text()
                    .lines()
                    .filter(line -> line.startsWith("relais_log_dropped_total "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                    .sum();
        }
    }

    /** Both logs go to the pipe, and both say what they lost once somebody reads again. */
    @Test
    void nobodyWaitsForAReaderAndTheLogGoesOnWhenOneComes() throws Exception {
        Path pipe = pipe();
        // Open for both, a pipe has a reader from the beginning, and it is opened without waiting for another one.
        try (RandomAccessFile end = new RandomAccessFile(pipe.toFile(), "rw");
                PackagedGateway gateway = PackagedGateway.startInto(
                                pipe,
                                PackagedGateway.functions(SCRIPTS),
                                Map.of(
                                        "relais.log.buffer", "256K",
                                        "relais.access-log.buffer", "64K",
                                        "relais.access-log.format", "combined"))
                        .ready()) {
            try (RawClient client = RawClient.connect(gateway.port)) {
                for (int i = 0; i < REQUESTS; i++) {
                    assertEquals("logged", client.get("/api/logs").answer().text());
                }
            }
            assertEquals(200, PackagedGateway.status(gateway.management, "/q/health/live"));
            assertEquals(200, PackagedGateway.status(gateway.management, "/q/health/ready"));
            await().until(() -> dropped(gateway) > 0);

            BufferedReader lines = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(end.getChannel()), StandardCharsets.UTF_8));
            // Which of the two writers gets the pipe first, and for how long, is open.
            int left = 0;
            int logged = 0;
            int accesses = 0;
            while (left == 0 || logged <= 5 || accesses <= 5) {
                String line = lines.readLine();
                assertWhole(line);
                left += line.contains(" Left out of the log, which is not written as fast as it grows: lines=") ? 1 : 0;
                logged += line.contains("message=begin ") ? 1 : 0;
                accesses += line.startsWith("127.0.0.1 - - [") ? 1 : 0;
            }
            assertEquals("hello", get(gateway, "/api/hello"));
            assertEquals("logged", get(gateway, "/api/logs"));
            String line;
            do {
                line = lines.readLine();
                assertWhole(line);
            } while (!line.contains("message=begin "));
        }
    }

    @Test
    void aStopIsNotHeldUp() throws Exception {
        Path pipe = pipe();
        try (RandomAccessFile end = new RandomAccessFile(pipe.toFile(), "rw");
                PackagedGateway gateway = PackagedGateway.startInto(
                                pipe, PackagedGateway.functions(SCRIPTS), Map.of("relais.log.buffer", "256K"))
                        .ready()) {
            for (int i = 0; i < REQUESTS; i++) {
                assertEquals("logged", get(gateway, "/api/logs"));
            }
            gateway.term();
            assertEquals(0, gateway.exitCode());
            assertTrue(end.getChannel().isOpen());
        }
    }

    private static String get(PackagedGateway gateway, String path) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port)) {
            return client.get(path).answer().text();
        }
    }

    /** Neither log is in a line of the other one. */
    private static void assertWhole(String line) {
        boolean access = line.startsWith("127.0.0.1 - - [") && line.endsWith("\"-\" \"-\"");
        boolean other = line.isEmpty()
                || List.of(" ", "_", "-", "|", "/", "\\").contains(line.substring(0, 1)) // Quarkus' banner
                || line.matches("\\d{4}-\\d\\d-\\d\\d .*") && !line.contains("\"GET ");
        assertTrue(access || other, line);
        assertTrue(!line.contains("message=begin ") || line.endsWith(" end"), line);
    }
}
