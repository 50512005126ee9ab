package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.restassured.path.json.JsonPath;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As pools change with the generation of all code. */
class PoolChangesByGenerationsIT extends PoolChangesCases {
    PoolChangesByGenerationsIT() {
        super("generations");
    }

    @BeforeEach
    void awaitUsualCode() throws IOException {
        for (Path script : List.of(base.resolve("one/index.php"), functions.resolve("who.php"))) {
            if (!Files.readString(script).equals(WHO)) {
                put(script, WHO);
            }
        }
        await().untilAsserted(() -> {
            assertEquals("one", who("one.example").getString("site"), gateway::log);
            assertEquals("functions", ofFunction().getString("site"), gateway::log);
        });
        awaitQuiet();
    }

    private JsonObject ofFunction() throws IOException {
        return new JsonObject(ask("localhost", "/api/who").text());
    }

    @Test
    void changedCodeOfAPoolComesIntoForce() throws Exception {
        yaml("pool: {children: 2}", "", "functions: {who: {pool: {children: 2}}}");
        await().untilAsserted(() -> assertEquals(List.of("function:who", "site:one"), status().getList("pools.name")));
        awaitQuiet();
        put(base.resolve("one/index.php"), "<?php echo json_encode(['limit' => 'new']);");
        put(functions.resolve("who.php"), "<?php echo json_encode(['limit' => 'new']);");
        await().untilAsserted(() -> {
            assertEquals("new", who("one.example").getString("limit"), gateway::log);
            assertEquals("new", ofFunction().getString("limit"));
        });
        awaitQuiet();
        JsonPath now = status();
        assertEquals(now.getInt("generation.number"), now.getInt("pools[0].generation"));
    }
}
