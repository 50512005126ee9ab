package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Work after the answer, with and without opcache, with a gateway of root and of an ordinary user; and a stop, which waits for
 * that work.
 */
class FinishIT {
    private static final String WORK = """
            <?php
            if ($_GET['answer'] === 'empty') http_response_code(202); else echo str_repeat('answer', (int) $_GET['answer']);
            $result = fastcgi_finish_request();
            echo 'dropped';
            while (!file_exists($_GET['side'] . '/gate')) { clearstatcache(); usleep(2000); }
            file_put_contents($_GET['side'] . '/through-' . $_GET['answer'], (string) getmypid());
            """;

    @ParameterizedTest
    @CsvSource({"root, 0", "www-data, 1"}) // FinishTest has the other likely one
    void theAnswerIsWholeAtOnceAndAStopWaitsForTheWork(String user, String opcache) throws Exception {
        Path functions = PackagedGateway.functions(Map.of("work.php", WORK));
        boolean root = System.getProperty("user.name").equals("root");
        Assumptions.assumeTrue(root || user.equals("root"), "only root may become another user");
        List<String> as = user.equals("root")
                ? List.of()
                : List.of("setpriv", "--reuid", user, "--regid", user, "--clear-groups");
        Assumptions.assumeTrue(as.isEmpty() || PackagedGateway.isReadable(as), "it cannot read the application");
        try (Side side = new Side();
                PackagedGateway gateway = PackagedGateway.start(
                                as, functions, Map.of("relais.workers.php-settings.\"opcache.enable\"", opcache))
                        .ready();
                RawClient client = RawClient.connect(gateway.port)) {
            for (int times : new int[] {1, 20_000}) {
                client.get("/api/work?answer=" + times + "&" + side.query());
                assertEquals("answer".repeat(times), client.answer().text());
            }
            client.get("/api/work?answer=empty&" + side.query());
            assertEquals(202, client.answer().status());
            assertFalse(Files.list(side.path()).anyMatch(file -> file.toString().contains("through-")));
            assertEquals(3, StopIT.metric(gateway, "relais_worker_children_busy"));

            gateway.term();
            // Longer than a stop without work takes to end PHP.
            await().during(Duration.ofMillis(500)).until(gateway::isAlive);
            side.open("gate");
            assertEquals(0, gateway.exitCode(), gateway.log());
            for (String answer : List.of("1", "20000", "empty")) {
                assertTrue(side.has("through-" + answer), answer);
            }
        }
    }
}
