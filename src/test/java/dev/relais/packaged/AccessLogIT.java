package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The access log of a process: its signals, and what becomes of requests where no line can be written. */
class AccessLogIT {
    private static final Map<String, String> SCRIPTS = Map.of(
            "hello.php",
            "<?php echo 'hello';",
            "endless.php",
            "<?php while (ob_get_level() > 0) { ob_end_flush(); } for (;;) { echo str_repeat('x', 8192); flush(); }");

    @TempDir
    Path folder;

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private PackagedGateway start(String format, String file, Map<String, String> more) throws IOException {
        Map<String, String> settings = new java.util.TreeMap<>(more);
        settings.put("relais.access-log.format", format);
        settings.put("relais.access-log.file", file);
        return PackagedGateway.start(PackagedGateway.functions(SCRIPTS), settings);
    }

    private static double dropped(PackagedGateway gateway, String reason) throws IOException {
        try (RawClient client = RawClient.connect(gateway.management)) {
            String name = "relais_access_log_dropped_total{reason=\"" + reason + "\"} ";
            return client.get("/q/metrics")
                    .answer()
                    .text()
                    .lines()
                    .filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                    .sum();
        }
    }

    /** Each of them is answered, whatever becomes of its line. */
    private static void ask(PackagedGateway gateway, int requests) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port)) {
            String agent = "User-Agent: " + "a".repeat(1_000);
            for (int i = 0; i < requests; i++) {
                assertEquals(
                        404,
                        client.head("GET /api/none HTTP/1.1", "Host: localhost", agent)
                                .answer()
                                .status());
            }
        }
    }

    private static long told(PackagedGateway gateway) {
        return gateway.log()
                .lines()
                .filter(line -> line.contains("Access log loses lines"))
                .count();
    }

    @Test
    void aFileIsOpenedAnewAtTheSignalAndHasTheLastLineAtTheEnd() throws Exception {
        Path file = folder.resolve("access.log");
        try (PackagedGateway gateway = start("$request_method $request_uri $status", file.toString(), Map.of())
                .ready()) {
            gateway.get("/api/hello?first");
            await().until(() -> lines(file).equals(List.of("GET /api/hello?first 200")));
            Path renamed = Files.move(file, folder.resolve("access.log.old"));
            gateway.get("/api/hello?second");
            await().until(() -> lines(renamed).size() == 2);
            assertFalse(Files.exists(file));

            gateway.signal("USR1", gateway.process());
            await().until(() -> Files.exists(file));
            gateway.get("/api/hello?third");
            await().until(() -> lines(file).equals(List.of("GET /api/hello?third 200")));
            assertEquals(2, lines(renamed).size());

            gateway.get("/api/none");
            gateway.term();
            assertEquals(0, gateway.exitCode());
            assertEquals(List.of("GET /api/hello?third 200", "GET /api/none 404"), lines(file));
        }
    }

    @Test
    void withoutAnAccessLogTheSignalDoesNothing() throws Exception {
        try (PackagedGateway gateway =
                start("off", folder.resolve("none").toString(), Map.of()).ready()) {
            gateway.signal("USR1", gateway.process());
            await().until(() -> gateway.log().contains("SIGUSR1 is ignored"));
            assertEquals(200, gateway.get("/api/hello"));
            assertFalse(Files.exists(folder.resolve("none")));
        }
    }

    @Test
    void noClientForgesALineOrAField() throws Exception {
        Path file = folder.resolve("access.log");
        try (PackagedGateway gateway =
                start("combined", file.toString(), Map.of()).ready()) {
            try (RawClient client = RawClient.connect(gateway.port)) {
                String forged = "x\" 200 5 \"-\" \"curl\\ \u0085\u00e4\u009b31m";
                client.head(
                        "GET /api/hello?\"%0d%0a127.0.0.1\u00e4 HTTP/1.1",
                        "Host: localhost", "Referer: " + forged, "User-Agent: \t" + forged);
                client.answer();
            }
            await().until(() -> lines(file).size() == 1);
            try (RawClient client = RawClient.connect(gateway.port)) {
                assertEquals(400, client.send("nonsense\r\n\r\n").answer().status());
            }
            await().until(() -> lines(file).size() == 2);
            assertTrue(
                    lines(file).get(1).matches("127\\.0\\.0\\.1 - - \\[[^]]+] \"-\" 400 \\d+ \"-\" \"-\""),
                    () -> lines(file).get(1));
            String line = lines(file).get(0);
            assertTrue(line.chars().allMatch(c -> c >= ' ' && c <= '~'), line);
            String escaped = "\"x\\x22 200 5 \\x22-\\x22 \\x22curl\\x5C \\x85\\xE4\\x9B31m\"";
            assertTrue(line.endsWith(escaped + " " + escaped), line);
            assertTrue(
                    line.matches("127\\.0\\.0\\.1 - - \\[[^]]+] \"GET [^\"]+\" \\d+ \\d+ \"[^\"]+\" \"[^\"]+\""), line);
        }
    }

    @Test
    void bothVersionsOfHttpAndAnAbortedAnswerHaveTheirLines() throws Exception {
        Path file = folder.resolve("access.log");
        try (PackagedGateway gateway = start("json", file.toString(), Map.of()).ready()) {
            for (Protocol protocol : List.of(Protocol.HTTP_1_1, Protocol.H2C)) {
                try (Client client = protocol.connect(gateway.port, -1)) {
                    assertEquals(
                            200,
                            client.get("/api/hello", "X-Request-Id", "whole-" + protocol)
                                    .answer()
                                    .status());
                    client.get("/api/endless", "X-Request-Id", "gone-" + protocol);
                    client.head();
                    client.piece();
                    client.cancel();
                }
            }
            await().until(() -> lines(file).size() == 4);
            for (String text : lines(file)) {
                JsonObject line = new JsonObject(text);
                boolean gone = line.getString("id").startsWith("gone-");
                assertEquals(gone ? 499 : 200, line.getInteger("status"), text);
                assertEquals(gone ? "client-gone" : "whole", line.getString("ending"), text);
                assertEquals(
                        line.getString("id").endsWith("H2C") ? "HTTP/2.0" : "HTTP/1.1",
                        line.getString("protocol"),
                        text);
                assertTrue(gone ? line.getLong("bytesOut") > 0 : line.getLong("bytesOut") == 5, text);
            }
        }
    }

    @Test
    void aFullDiskHoldsUpNoRequest() throws Exception {
        try (PackagedGateway gateway = start("combined", "/dev/full", Map.of()).ready()) {
            ask(gateway, 200);
            await().until(() -> dropped(gateway, "write") == 200);
            await().until(() -> told(gateway) == 1);
            gateway.term();
            assertEquals(0, gateway.exitCode());
        }
    }

    /** Whether nobody has opened the pipe for reading at all, or somebody has and does not read. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPipeThatNobodyReadsHoldsUpNoRequest(boolean opened) throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Process reader = opened
                ? new ProcessBuilder("sh", "-c", "exec 3<\"$0\"; read -r go; cat <&3", pipe.toString()).start()
                : null;
        try (PackagedGateway gateway = start("combined", pipe.toString(), Map.of("relais.access-log.buffer", "64K"))
                .ready()) {
            ask(gateway, 500);
            assertTrue(dropped(gateway, "buffer") > 100, gateway::log);
            await().until(() -> told(gateway) == 1);
            if (reader != null) {
                assertEveryLineIsWhole(reader);
            }
            gateway.term();
            assertEquals(0, gateway.exitCode());
        } finally {
            if (reader != null) {
                reader.destroyForcibly().waitFor();
            }
        }
    }

    /** What was not dropped comes when the reader goes on. */
    private static void assertEveryLineIsWhole(Process reader) throws IOException {
        reader.getOutputStream().write('\n');
        reader.getOutputStream().flush();
        InputStream in = reader.getInputStream();
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
        for (int i = 0; i < 50; i++) {
            String line = lines.readLine();
            assertTrue(line.startsWith("127.0.0.1 - - [") && line.endsWith("aaa\""), line);
        }
    }
}
