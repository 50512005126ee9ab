package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import dev.relais.worker.Child;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that hang up, and what the function's {@code on-abort} makes of it. In the end every slot is free: see the superclass. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class ClientAbortTest extends RunningGateway {
    private final Side side = new Side();

    ClientAbortTest() throws IOException {}

    /** Begins a function, hangs up, and gives the process that runs it. */
    private long hangUpOn(String function, String query) throws IOException {
        try (RawClient client = connect()) {
            client.get("/api/" + function + "?" + query + side.query());
            long pid = side.await("running-");
            if (query.startsWith("head")) {
                client.answerHead();
            }
            assertEquals(1, busy());
            return pid;
        }
    }

    private long failures() {
        long sum = 0;
        for (var worker : group.workers()) {
            for (int i = 0; i < worker.size(); i++) {
                Child child = worker.child(i);
                sum += child.failures();
            }
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(strings = {"abort/usual", "abort/finish"})
    void beforeTheHeadTheFunctionFinishes(String function) throws IOException {
        long pid = hangUpOn(
                function,
                "pieces=1&"); // which all fit into the socket: when the gateway hears of the client does not matter
        side.open("gate");

        assertEquals(pid, side.await("through-"));
    }

    @Test
    void afterTheHeadPhpEndsAtItsNextOutput() throws IOException {
        long pid = hangUpOn("abort/usual", "head&");
        side.open("gate");
        await().until(this::isWhole);

        assertFalse(side.has("through-"));
        assertTrue(Side.runs(pid), "only the script has ended");
    }

    @Test
    void afterTheHeadTooTheFunctionFinishesWhenItAlwaysDoes() throws IOException {
        long pid = hangUpOn("abort/finish", "head&");
        side.open("gate");

        assertEquals(pid, side.await("through-"));
    }

    /** PHP was blocked in its write, because the client read nothing. */
    @Test
    void aFunctionThatAlwaysFinishesIsNoLongerHeldBackByAClientThatIsGone() throws IOException {
        try (RawClient client = RawClient.connect(http.getPort(), 16 * 1024)) {
            client.get("/api/abort/finish?head&unbuffered&" + side.query());
            client.answerHead();
            side.open("gate");
            await().during(Duration.ofMillis(300)).until(() -> !side.has("through-"));
        }
        side.await("through-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "head&"})
    void theChildIsEndedAtOnceWhereTheFunctionSaysSo(String query) throws IOException {
        long failures = failures();
        Side.awaitEnd(hangUpOn("abort/end", query));
        await().until(this::isWhole);

        assertFalse(side.has("through-"));
        assertEquals(failures, failures(), "a client that hangs up is no failure of the worker");
    }

    /** Their processes answer the new connections in any order, and none has died: else one who hangs up could have a function refused. */
    @Test
    void clientsThatHangUpTogetherAgainAndAgainAreNoCrashOfTheFunction() throws IOException {
        for (int round = 0; round < 20; round++) {
            List<RawClient> clients = new ArrayList<>();
            while (clients.size() < 4) {
                RawClient client = connect();
                clients.add(client);
                client.get("/api/endless?" + side.query());
                client.answerHead();
            }
            for (RawClient client : clients) {
                client.close();
            }
            await().pollInterval(Duration.ofMillis(5)).until(this::isWhole);
        }

        String metrics = manage("/q/metrics").text();
        assertTrue(metrics.contains("function=\"endless\""), metrics);
        assertTrue(
                metrics.lines()
                        .filter(line -> line.startsWith("relais_crashes_total{function=\"endless\""))
                        .allMatch(line -> line.endsWith(" 0.0")),
                metrics);
    }
}
