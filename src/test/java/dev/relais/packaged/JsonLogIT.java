package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The gateway's own log as JSON, which is asked for; and PHP's JSON in it. */
class JsonLogIT {
    private static final String LOGS = """
            <?php
            error_log(json_encode(['text' => "a\\nb \\"c\\"", 'pad' => str_repeat('x', 250000)], JSON_PRETTY_PRINT));
            """;

    @Test
    void eachLineIsJsonAndWhatPhpHasLoggedAsJsonIsInIt() throws Exception {
        Path functions = PackagedGateway.functions(Map.of("logs.php", LOGS));
        try (PackagedGateway gateway = PackagedGateway.start(
                        functions, Map.of("quarkus.log.console.json.enabled", "true"))
                .ready()) {
            assertEquals(200, gateway.get("/api/logs"));
            JsonObject line = await().until(
                            () -> lines(gateway)
                                    .map(JsonObject::new)
                                    .filter(one -> "dev.relais.php".equals(one.getString("loggerName")))
                                    .findFirst()
                                    .orElse(null),
                            Objects::nonNull);
            assertEquals("WARN", line.getString("level"));
            String message = line.getString("message");
            JsonObject logged = new JsonObject(message.substring(message.indexOf(" message=") + " message=".length()));
            assertEquals("a\nb \"c\"", logged.getString("text"));
            assertEquals(250_000, logged.getString("pad").length());
        }
    }

    @Test
    void byDefaultTheLogIsText() throws Exception {
        try (PackagedGateway gateway = PackagedGateway.start(
                        PackagedGateway.functions(Map.of("hello.php", "<?php echo 'hello';")), Map.of())
                .ready()) {
            assertFalse(lines(gateway).toList().isEmpty(), "nothing is logged");
            assertEquals(
                    List.of(),
                    lines(gateway).filter(line -> line.startsWith("{")).toList());
        }
    }

    /** Those that are complete. */
    private static Stream<String> lines(PackagedGateway gateway) {
        String log = gateway.log();
        return log.substring(0, log.lastIndexOf('\n') + 1).lines().filter(line -> !line.isBlank());
    }
}
