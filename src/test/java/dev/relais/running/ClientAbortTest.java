package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.slot.Slot;
import dev.relais.testing.Client;
import dev.relais.testing.Http1Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that hang up, and what the function's {@code on-abort} then does. At the end every slot is free, see the superclass. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class ClientAbortTest extends RunningGateway {
    private final Side side = new Side();

    ClientAbortTest() throws IOException {}

    /**
     * How a client goes: it cancels its request, or its connection breaks, on which a part of the next request may already
     * wait.
     */
    private enum Going {
        CANCEL,
        CLOSE,
        CLOSE_IN_THE_NEXT_HEAD,
        CLOSE_IN_THE_NEXT_BODY;

        void apply(Client client) throws IOException {
            if (client instanceof Http2Stream stream) {
                apply(stream);
                return;
            }
            if (this == CLOSE_IN_THE_NEXT_HEAD) {
                ((Http1Client) client).wire().send("GET /api/hello HTTP/1.1\r\nHo");
            } else if (this == CLOSE_IN_THE_NEXT_BODY) {
                client.begin("POST", "/api/body", "Content-Length", "100").send(new byte[3]);
            }
            client.close();
        }

        private void apply(Http2Stream stream) throws IOException {
            if (this == CANCEL) {
                stream.cancel();
                return;
            }
            if (this == CLOSE_IN_THE_NEXT_BODY) {
                Http2Stream next = stream.connection().stream();
                next.begin("POST", "/api/body", "Content-Length", "100").send(new byte[3]);
            }
            stream.close();
        }
    }

    static List<Arguments> goings() {
        List<Arguments> all = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            for (Going going : Going.values()) {
                all.add(Arguments.of(protocol, going));
            }
        }
        return all;
    }

    /**
     * Calls a function and goes.
     *
     * @return the process that runs the function
     */
    private long goFrom(Protocol protocol, Going going, Side side, String function, String query) throws IOException {
        Client client = connect(protocol);
        client.get("/api/" + function + "?" + query + side.query());
        long pid = side.await("running-");
        if (query.startsWith("head")) {
            client.head();
        }
        assertEquals(1, busy());
        going.apply(client);
        if (client instanceof Http2Stream && going == Going.CANCEL) {
            assertEquals(200, client.get("/api/hello").answer().status(), "its other streams go on");
            client.close();
        }
        return pid;
    }

    private long failures() {
        long sum = 0;
        for (var worker : group.workers()) {
            for (int i = 0; i < worker.size(); i++) {
                Slot slot = worker.slot(i);
                sum += slot.failures();
            }
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("goings")
    void beforeTheHeadTheFunctionFinishes(Protocol protocol, Going going) throws IOException {
        for (String function : new String[] {"abort/usual", "abort/finish"}) {
            try (Side marks = new Side()) {
                // One piece fits into the socket: when the gateway hears of the client does not matter.
                long pid = goFrom(protocol, going, marks, function, "pieces=1&");
                marks.open("gate");

                assertEquals(pid, marks.await("through-"));
                await().until(this::isWhole);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("goings")
    void afterTheHeadPhpEndsAtItsNextOutput(Protocol protocol, Going going) throws IOException {
        long pid = goFrom(protocol, going, side, "abort/usual", "head&");
        await().until(() -> gateway.inFlight() == 0);
        side.open("gate");
        await().until(this::isWhole);

        assertFalse(side.has("through-"));
        assertTrue(Side.runs(pid), "only the script has ended");
    }

    @ParameterizedTest
    @MethodSource("goings")
    void afterTheHeadTooTheFunctionFinishesWhenItAlwaysDoes(Protocol protocol, Going going) throws IOException {
        long pid = goFrom(protocol, going, side, "abort/finish", "head&");
        side.open("gate");

        assertEquals(pid, side.await("through-"));
    }

    /** PHP was blocked in a write, because the client read nothing. */
    @ParameterizedTest
    @MethodSource("goings")
    void aFunctionThatAlwaysFinishesIsNoLongerHeldBackByAClientThatIsGone(Protocol protocol, Going going)
            throws IOException {
        Client client = connect(protocol, 16 * 1024);
        client.get("/api/abort/finish?head&unbuffered&" + side.query());
        client.head();
        side.open("gate");
        await().during(Duration.ofMillis(300)).until(() -> !side.has("through-"));
        going.apply(client);

        side.await("through-");
        client.close();
    }

    @ParameterizedTest
    @MethodSource("goings")
    void theChildIsEndedAtOnceWhereTheFunctionSaysSo(Protocol protocol, Going going) throws IOException {
        for (String query : new String[] {"", "head&"}) {
            try (Side marks = new Side()) {
                long failures = failures();
                Side.awaitEnd(goFrom(protocol, going, marks, "abort/end", query));
                await().until(this::isWhole);

                assertFalse(marks.has("through-"));
                assertEquals(failures, failures(), "a client that hangs up is no failure of the worker");
            }
        }
    }

    /** The spool files of its body and of its answer are released. */
    @ParameterizedTest
    @MethodSource("goings")
    void aSlowReaderThatGoesLeavesNothing(Protocol protocol, Going going) throws IOException {
        Client client = connect(protocol, 16 * 1024);
        client.get("/api/large?megabytes=12");
        client.head();
        await().until(this::isWhole);
        await().until(() -> meter("relais_spool_bytes") > 1 << 20);
        going.apply(client);

        await().until(() -> meter("relais_spool_bytes") == 0 && gateway.inFlight() == 0);
        client.close();
    }

    /**
     * Their processes answer the new connections in any order, and none has died. Otherwise a client that hangs up could cause
     * a function to be refused.
     */
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
