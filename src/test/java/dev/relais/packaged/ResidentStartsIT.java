package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gateways with resident functions from their start, also one that does not succeed, to their end. */
class ResidentStartsIT extends ResidentFunctions {
    @BeforeEach
    void writeFunctions() throws IOException {
        write(SETTINGS);
    }

    @AfterEach
    void end() throws Exception {
        stop();
    }

    @Test
    void whatCannotBootAtTheStartLetsOthersBeServedAndServesOnceItIsMended() throws Exception {
        put("app/index.php", "<?php this is no PHP");
        start(Map.of());
        eventually(() -> gateway.get("/api/usual") == 200);
        eventually(() -> gateway.get("/api/one") == 200);
        int refused = ask("/api/app").status();
        assertTrue(refused == 503 || refused == 504, "status " + refused);
        gateway.logs("Resident application cannot be booted");
        gateway.logs("syntax error");
        assertEquals(503, PackagedGateway.status(gateway.management, "/q/health/ready"));

        put("app/index.php", APPLICATION);
        eventually(() -> gateway.get("/api/app") == 200);
        gateway.ready();
    }

    @Test
    void aStopWaitsForWhatRuns() throws Exception {
        start(Map.of()).ready();
        List<ProcessHandle> php = gateway.php();
        try (RawClient running = RawClient.connect(gateway.port)) {
            running.get("/api/app?way=wait&id=1&" + side.query());
            side.await("running-1");
            gateway.term();
            gateway.logs("Stopping");
            side.open("gate");
            assertEquals("through", running.answer().text());
        }
        assertEquals(0, gateway.exitCode(), gateway::log);
        php.forEach(process -> Side.awaitEnd(process.pid()));
        assertEquals(0, lines("cannot be booted"));
        try (Stream<Path> left = Files.walk(run)) {
            assertEquals(
                    List.of(),
                    left.filter(file -> file.toString().endsWith(".sock")).toList());
        }
    }

    @Test
    void nothingIsLeftOfAKilledGateway() throws Exception {
        start(Map.of()).ready();
        eventually(() -> gateway.php().size() >= 5 + 8);
        List<ProcessHandle> php = gateway.php();
        try (RawClient running = RawClient.connect(gateway.port)) {
            running.get("/api/app?way=wait&id=1&" + side.query());
            side.await("running-1");
            gateway.kill();
            php.forEach(process -> Side.awaitEnd(process.pid()));
        }
    }

    @Test
    void aGenerationWhoseCodeDoesNotBootIsGivenUp() throws Exception {
        start(Map.of("relais.functions.reload", "generations")).ready();
        put("app/index.php", "<?php throw new Exception('no database');");
        gateway.logs("no database");
        gateway.logs("Generation is given up");
        assertEquals("1", told("app")[0]);
        put("app/_version.php", "<?php return 2;");
        put("app/index.php", APPLICATION);
        eventually(() -> told("app")[0].equals("2"));
        assertEquals(200, gateway.get("/api/usual"));
    }

    @Test
    void aBootThatHangsIsEndedAndTheFormerVersionServes() throws Exception {
        start(Map.of("relais.workers.start-timeout", "3s")).ready();
        put("app/index.php", "<?php while (true) { usleep(1000); }");
        eventually(() -> lines("relais.workers.start-timeout") >= 1);
        assertEquals("1", told("app")[0]);
        put("app/_version.php", "<?php return 2;");
        put("app/index.php", APPLICATION);
        eventually(() -> told("app")[0].equals("2"));
    }
}
