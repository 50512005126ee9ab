package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.admission.WaitingRoom;
import dev.relais.testing.Http2Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More clients at a time than there are children, by hundreds: what bounds the queue is time and memory. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class CrowdTest extends RunningGateway {
    private static final int CROWD = 1_500;

    @Inject
    WaitingRoom<?> room;

    private final List<RawClient> clients = new ArrayList<>();
    private Side side;

    /** All children wait for the test. */
    @BeforeEach
    void everyChildIsBusy() throws IOException {
        side = new Side();
        for (int id = 1; id <= 4; id++) {
            client().get("/api/gate?id=" + id + "&" + side.query());
            side.await("running-" + id);
        }
    }

    @AfterEach
    void everythingIsGivenBack() throws IOException {
        side.open("gate");
        for (RawClient client : clients) {
            client.close();
        }
        await().until(() -> room.length() == 0 && meter("relais_memory_bytes") == 0);
        side.close();
    }

    private RawClient client() throws IOException {
        RawClient client = connect();
        clients.add(client);
        return client;
    }

    private void crowd(int size) throws IOException {
        for (int i = 0; i < size; i++) {
            client().get("/api/hello?name=" + i);
        }
        await().until(() -> room.length() == size);
    }

    @Test
    void eachOfACrowdGetsItsOwnAnswerAndNobodyIsRefused() throws IOException {
        double refused = meter("relais_refusals_total");
        crowd(CROWD);
        side.open("gate");
        for (RawClient client : clients.subList(0, 4)) {
            assertEquals("through", client.answer().text());
        }
        for (int i = 0; i < 2 * CROWD; i++) {
            RawClient client = clients.get(4 + i % CROWD);
            assertEquals("{\"hello\":\"" + i % CROWD + "\"}", client.answer().text());
            if (i < CROWD) {
                client.get("/api/hello?name=" + i); // as in a closed loop
            }
        }
        assertEquals(refused, meter("relais_refusals_total"));
    }

    @Test
    void whatWhoHangsUpHasTakenIsFreeThoughNoChildIs() throws IOException {
        double before = meter("relais_memory_bytes");
        crowd(CROWD);
        for (RawClient client : clients.subList(4, 4 + CROWD)) {
            client.close();
        }
        await().until(() -> room.length() == 0 && meter("relais_memory_bytes") == before);
        assertEquals(4, busy(), "still");
    }

    @Test
    void theStreamsOfOneConnectionAreACrowdToo() throws IOException {
        try (Http2Client connection = Http2Client.connect(http.getPort())) {
            List<Http2Stream> streams = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                streams.add(connection.stream());
                streams.get(i).get("/api/hello?name=" + i);
            }
            await().until(() -> room.length() == 120);
            side.open("gate");
            for (int i = 0; i < 120; i++) {
                assertEquals(
                        "{\"hello\":\"" + i + "\"}", streams.get(i).answer().text());
            }
        }
    }
}
