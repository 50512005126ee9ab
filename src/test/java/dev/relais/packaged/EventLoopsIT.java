package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No request waits while a child is idle, however many event loops share the children. */
class EventLoopsIT {
    private static final int CLIENTS = 16;
    private static final int BURSTS = 200;

    /**
     * Sends bursts with nothing after them, so that no later event makes up for a lost wake-up, and its request ends with 503.
     * With eight loops four have no child of their own.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void everyoneOfABurstIsServed(int loops) throws Exception {
        Path functions =
                PackagedGateway.functions(Map.of("quick.php", "<?php usleep(random_int(0, 500)); echo getmypid();"));
        Map<String, String> settings =
                Map.of("quarkus.vertx.event-loops-pool-size", Integer.toString(loops), "relais.queue.max-wait", "10s");
        List<RawClient> clients = new ArrayList<>();
        try (PackagedGateway gateway =
                PackagedGateway.start(functions, settings).ready()) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(RawClient.connect(gateway.port));
            }
            for (int burst = 0; burst < BURSTS; burst++) {
                for (RawClient client : clients) {
                    client.get("/api/quick");
                }
                for (RawClient client : clients) {
                    assertEquals(200, client.answer().status(), "burst " + burst);
                }
            }
            assertTrue(gateway.log().contains(" event-loops=" + loops + " "), gateway::log);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
            Side.delete(functions);
        }
    }

    @Test
    void thereIsOneLoopForTwoProcessorsOfTheMachineThatItRunsOn() throws Exception {
        Path functions = PackagedGateway.functions(Map.of("hello.php", "<?php echo 'hello';"));
        try (PackagedGateway gateway = PackagedGateway.startOn(10, functions).ready()) {
            assertTrue(gateway.log().contains(" event-loops=5 "), gateway::log);
        }
    }
}
