package dev.relais.running;

import static dev.relais.running.ComputingProfile.CHILDREN;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.admission.WaitingRoom;
import dev.relais.testing.Patience;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A function that computes beside functions that wait, on real PHP processes and by the kernel's own count of their time. */
@QuarkusTest
@TestProfile(ComputingProfile.class)
class ComputingTest extends RunningGateway {
    /** So long that what the gateway itself waits for a processor, on a busy machine, is little beside it. */
    private static final String COMPUTE = "/api/burn?ms=60";

    @Inject
    WaitingRoom<?> room;

    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void allIsAnswered() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        await().until(() -> room.length() == 0);
    }

    /** A crowd that computes until it is known to. */
    private List<RawClient> computing() throws IOException {
        List<RawClient> crowd = new ArrayList<>();
        for (int i = 0; i < CHILDREN + 8; i++) {
            crowd.add(connect().get(COMPUTE));
        }
        clients.addAll(crowd);
        computeUntil(crowd, 400, () -> room.permits().computingFunctions() > 0);
        assertEquals(1, room.permits().computingFunctions());
        return crowd;
    }

    /**
     * Lets the crowd compute until this is so: for so many runs at least, and for as long as {@link Patience} says, since the kernel gives a
     * run on a busy machine less time than it asks for.
     */
    private static void computeUntil(List<RawClient> crowd, int runs, BooleanSupplier reached) throws IOException {
        long begin = System.nanoTime();
        for (int i = 0;
                !reached.getAsBoolean() && (i < runs || System.nanoTime() - begin < Patience.LIMIT.toNanos());
                i++) {
            next(crowd, i);
        }
    }

    private static void next(List<RawClient> crowd, int i) throws IOException {
        RawClient client = crowd.get(i % crowd.size());
        assertEquals("computed", client.answer().text());
        client.get(COMPUTE);
    }

    @Test
    void noMoreRunThanHelpAndAllTheOtherChildrenServeFunctionsThatWait() throws IOException {
        List<RawClient> crowd = computing();
        // Without the limit every child is busy as long as more ask than there are. While the JVM compiles there is
        // none.
        AtomicInteger most = new AtomicInteger();
        computeUntil(crowd, 3_000, () -> {
            most.set(busy());
            return most.get() <= CHILDREN - 3;
        });
        assertTrue(
                most.get() <= CHILDREN - 3,
                most + " of " + CHILDREN + " children compute, and " + room.length() + " wait");

        try (Side side = new Side()) {
            List<RawClient> waiting = new ArrayList<>();
            for (int id = 1; id <= 2; id++) {
                waiting.add(connect().get("/api/gate?id=" + id + "&" + side.query()));
                side.await("running-" + id);
            }
            clients.addAll(waiting);
            next(crowd, 0); // and that goes on
            side.open("gate");
            for (RawClient client : waiting) {
                assertEquals("through", client.answer().text());
            }
        }
    }

    @Test
    void aFunctionThatOnlyWaitsHasEveryChild() throws IOException {
        try (Side side = new Side()) {
            for (int id = 1; id <= 2 * CHILDREN; id++) {
                RawClient client = connect();
                clients.add(client);
                client.get("/api/gate?id=" + id + "&" + side.query());
            }
            await().until(() -> busy() == CHILDREN && room.length() == CHILDREN);
            side.open("gate");
            for (RawClient client : clients) {
                assertEquals("through", client.answer().text());
            }
            assertEquals(0, room.permits().computingFunctions());
        }
    }
}
