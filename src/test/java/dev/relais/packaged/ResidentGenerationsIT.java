package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Code of a resident function that does not boot for a reason outside of it, where all functions change together. */
class ResidentGenerationsIT {
    private Side side;
    private Path script;
    private PackagedGateway gateway;

    @BeforeEach
    void start() throws Exception {
        side = new Side();
        Path functions = PackagedGateway.functions(Map.of(
                "shop.php", "<?php return function (): void { echo 'first'; };",
                "functions.yaml", "functions: {shop: {resident: {script: shop.php, children: 1}}}"));
        script = functions.resolve("shop.php");
        gateway = PackagedGateway.start(
                        functions, Map.of("relais.functions.reload", "generations", "relais.workers.count", "1"))
                .ready();
        assertEquals("first", told());
        Files.writeString(script, """
                <?php
                if (!is_dir('%s/database')) {
                    throw new Exception('no database');
                }
                return function (): void { echo 'second'; };
                """.formatted(side.path()));
        gateway.logs("Generation is given up: ");
        gateway.logs("no database");
        assertEquals("first", told());
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        side.close();
    }

    private String told() throws IOException {
        try (RawClient client = RawClient.connect(gateway.port)) {
            return client.get("/api/shop").answer().text();
        }
    }

    private Answer asked(String request) throws IOException {
        try (RawClient client = RawClient.connect(gateway.management)) {
            return client.head(request + " HTTP/1.1", "Host: localhost", "Content-Length: 0")
                    .answer();
        }
    }

    @Test
    void itIsTriedAgainWhenSomebodyAsksForItAndNotBefore() throws Exception {
        String problem = new JsonObject(asked("GET /q/relais").text())
                .getJsonObject("generation")
                .getString("problem");
        assertTrue(problem.contains("no database"), problem);
        assertEquals(409, asked("POST /q/relais/generations?wait=30s").status(), "it is as it was");

        Files.createDirectory(side.path().resolve("database"));
        Answer answer = asked("POST /q/relais/generations?wait=30s");
        assertEquals(200, answer.status(), answer::text);
        assertEquals("second", told());
        assertEquals(
                4,
                new JsonObject(answer.text()).getInteger("generation"),
                "the first, the change, and the two that were asked for");
    }

    @Test
    void aTouchedFileIsAChange() throws Exception {
        Files.createDirectory(side.path().resolve("database"));
        Files.setLastModifiedTime(script, FileTime.from(Instant.now().plusSeconds(2)));
        await().untilAsserted(() -> assertEquals("second", told()));
    }
}
