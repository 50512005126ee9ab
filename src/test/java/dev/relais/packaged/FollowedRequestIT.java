package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Attempts;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One request that fails, followed by the id that its client gave it through all that tells of it. */
class FollowedRequestIT {
    @TempDir
    Path folder;

    private Side side;
    private PackagedGateway gateway;
    private int asked;

    @BeforeEach
    void start() throws Exception {
        Path functions = PackagedGateway.functions(Map.of(
                "stuck.php",
                // The second message is too long for PHP's buffer and so sends the first one; flush() would begin the
                // answer, too, from PHP 8.4 on.
                "<?php error_log('PHP has got ' . $_SERVER['HTTP_X_REQUEST_ID'] . ' ' . $_SERVER['UNIQUE_ID']);"
                        + " error_log(str_repeat('-', 20_000));"
                        + " touch($_GET['side'] . '/' . $_GET['mark']); sleep(600);"));
        side = new Side();
        gateway = PackagedGateway.start(
                        functions,
                        Map.of(
                                "relais.functions.timeout", "500ms",
                                "relais.access-log.format", "json",
                                "relais.access-log.file",
                                        folder.resolve("access.log").toString()))
                .ready();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        side.close();
    }

    @Test
    void itIsFoundByItsIdEverywhere() throws Exception {
        Attempts.untilProved(this::isFound);
    }

    /** Whether PHP has told of the request before its time limit, which may pass before on a busy machine. Then all others must, too. */
    private boolean isFound() throws Exception {
        String id = "order-4711.a_b-" + ++asked;
        Answer answer;
        try (RawClient client = RawClient.connect(gateway.port)) {
            answer = client.head(
                            "GET /api/stuck?mark=" + id + "&" + side.query() + " HTTP/1.1",
                            "Host: localhost",
                            "X-Request-Id: " + id)
                    .answer();
        }
        assertEquals(504, answer.status());
        if (!side.has(id)) {
            return false;
        }
        assertEquals(id, answer.header("X-Request-Id"));
        assertEquals(id, new JsonObject(answer.text()).getString("requestId"));

        String message = logged("PHP: function=stuck ", id);
        assertTrue(message.endsWith(" message=PHP has got " + id + " " + id), message);
        String failure = logged("Request failed: function=stuck ", id);
        assertTrue(failure.contains(" problem=TIMEOUT "), failure);

        Path file = folder.resolve("access.log");
        await().until(() -> Files.readAllLines(file).size() >= asked);
        List<String> accesses = Files.readAllLines(file);
        assertEquals(asked, accesses.size());
        JsonObject access = new JsonObject(accesses.get(asked - 1));
        assertEquals(id, access.getString("id"));
        assertEquals("timeout", access.getString("problem"));

        JsonObject found = new JsonObject(manage("/q/relais/requests?id=" + id))
                .getJsonArray("requests")
                .getJsonObject(0);
        assertEquals("stuck", found.getString("function"));
        assertEquals(504, found.getInteger("status"));
        assertEquals("timeout", found.getString("problem"));
        assertEquals(access.getInteger("pid"), found.getInteger("child"), "all tell of the same process");
        assertTrue(failure.contains(" child=" + found.getInteger("child") + " "), failure);

        JsonObject console = console();
        assertTrue(texts(console.getJsonArray("requests")).contains("\"id\":\"" + id + "\""), console::encode);
        assertTrue(texts(console.getJsonArray("errors")).contains("request-id=" + id), console::encode);
        return true;
    }

    /** The line of the log that has these words and tells of this request. */
    private String logged(String words, String id) {
        return await().until(
                        () -> gateway.log()
                                .lines()
                                .filter(line -> line.contains(words) && line.contains(" request-id=" + id + " "))
                                .findFirst()
                                .orElse(""),
                        line -> !line.isEmpty());
    }

    private String manage(String target) throws Exception {
        try (RawClient client = RawClient.connect(gateway.management)) {
            return client.get(target).answer().text();
        }
    }

    /** What a viewer of the console gets at first. */
    private JsonObject console() throws Exception {
        StringBuilder stream = new StringBuilder();
        try (RawClient viewer = RawClient.connect(gateway.management)) {
            viewer.get("/q/relais/console/events");
            assertEquals(200, viewer.answerHead().status());
            int begin;
            while ((begin = stream.indexOf("event: all\ndata: ")) < 0 || stream.indexOf("\n\n", begin) < 0) {
                stream.append(new String(viewer.chunk(), StandardCharsets.UTF_8));
            }
            int data = begin + "event: all\ndata: ".length();
            return new JsonObject(stream.substring(data, stream.indexOf("\n\n", begin)));
        }
    }

    private static String texts(JsonArray entries) {
        return entries.encode();
    }
}
