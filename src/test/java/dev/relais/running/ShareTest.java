package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.admission.Refusal;
import dev.relais.admission.WaitingRoom;
import dev.relais.functions.Functions;
import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A function's share of the four children, as functions.yaml sets it. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class ShareTest extends RunningGateway {
    @Inject
    WaitingRoom<?> room;

    @Inject
    Functions functions;

    @ConfigProperty(name = "relais.functions.directory")
    Path directory;

    private Path settings;
    private String usual;
    private Side side;
    private final List<RawClient> clients = new ArrayList<>();

    @BeforeEach
    void settings() throws IOException {
        settings = directory.resolve("functions.yaml");
        usual = Files.readString(settings);
        side = new Side();
    }

    @AfterEach
    void usualSettings() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        side.close();
        put(usual);
    }

    private void put(String text) throws Exception {
        Path fresh = Files.writeString(directory.resolve(".functions.yaml"), text);
        Files.move(fresh, settings, StandardCopyOption.ATOMIC_MOVE);
        functions.refresh().toCompletableFuture().get();
    }

    private RawClient gate(int id) throws IOException {
        RawClient client = connect();
        clients.add(client);
        return client.get("/api/gate?id=" + id + "&" + side.query());
    }

    private void awaitWaiting(int length) {
        await().until(() -> room.length() == length);
    }

    @Test
    void aFunctionAtItsOwnLimitHoldsUpNobodyElse() throws Exception {
        put(usual + "  gate: {concurrency: 2, queue: 1}\n");
        long refused = room.refusals().of(Refusal.FUNCTION_LIMIT);
        gate(1);
        gate(2);
        side.await("running-1");
        side.await("running-2");
        gate(3);
        awaitWaiting(1);

        assertEquals(200, get("/api/hello").status());
        Answer answer = gate(4).answer();
        assertEquals(429, answer.status());
        assertTrue(Integer.parseInt(answer.header("Retry-After")) >= 1);
        assertTrue(answer.text().contains("urn:relais:problem:function-limit"));
        assertEquals(refused + 1, room.refusals().of(Refusal.FUNCTION_LIMIT));
        assertFalse(side.has("running-3"));
        side.open("gate");
        for (RawClient client : clients.subList(0, 3)) {
            assertEquals(200, client.answer().status());
        }
        assertTrue(side.has("through-3"));
    }

    /** Each change has the workers told of it, and for that instant no child can be claimed. */
    @Test
    void whoMayNotWaitIsNotRefusedWhenCodeChanges() throws Exception {
        side.open("gate");
        for (int change = 0; change < 100; change++) {
            put(usual + "  gate: {queue: 0}\n# " + change + "\n");
            RawClient first = gate(change);
            RawClient second = gate(change);
            assertEquals(200, first.answer().status(), "change " + change);
            assertEquals(200, second.answer().status(), "change " + change);
        }
    }

    @Test
    void aReservedChildIsThereWhateverTheOthersDo() throws Exception {
        put(usual + "  hello: {reserved: 1}\n");
        for (int id = 1; id <= 3; id++) {
            gate(id);
            side.await("running-" + id);
        }
        gate(4);
        awaitWaiting(1);
        await().until(() -> busy() == 3); // the fourth may be told of the change
        assertEquals(200, get("/api/hello").status());
        letAllThrough();
    }

    @Test
    void moreReservedThanThereIsKeepsTheLastGoodSettings() throws Exception {
        put(usual + "  hello: {reserved: 4}\n");

        assertTrue(functions.status().problem().contains("reserve 3 at most"), functions.status()::problem);
        assertEquals(0, room.permits().reserved());
    }

    @Test
    void aClientsDeadlineShortensTheWait() throws Exception {
        long over = room.refusals().of(Refusal.WAIT_OVER);
        for (int id = 1; id <= 4; id++) {
            gate(id);
            side.await("running-" + id);
        }
        Answer late = ask("GET /api/hello HTTP/1.1", "Host: localhost", "X-Request-Timeout: 200");

        assertEquals(503, late.status());
        assertTrue(
                room.refusals().of(Refusal.WAIT_OVER) > over || room.refusals().of(Refusal.TOO_LATE) > 0);
        letAllThrough();
    }

    private void letAllThrough() throws IOException {
        side.open("gate");
        for (RawClient client : clients) {
            assertEquals(200, client.answer().status());
        }
    }
}
