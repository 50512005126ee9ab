package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Callers;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** At its time limit exactly the child that ran is ended. Other requests are answered all the time. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class TimeLimitTest extends RunningGateway {
    private Callers others;
    private Set<Long> before;

    @BeforeEach
    void loadTheOtherChildren() {
        await().until(this::isWhole);
        before = pids();
        others = Callers.start(1, http.getPort(), "/api/hello");
    }

    @AfterEach
    void stop() throws Exception {
        others.close();
    }

    private Set<Long> pids() {
        Set<Long> pids = new HashSet<>();
        group.workers().forEach(worker -> {
            for (int i = 0; i < worker.size(); i++) {
                pids.add(worker.slot(i).pid());
            }
        });
        return pids;
    }

    /** This child was replaced by another one, all other children are the same, and every other request was answered. */
    private void onlyThisOneIsReplaced(long pid) throws Exception {
        Side.awaitEnd(pid);
        await().until(() -> !pids().contains(pid));
        others.awaitMore(50);
        others.close();
        await().until(this::isWhole);
        Set<Long> after = pids();
        assertEquals(before.size(), after.size());
        after.removeAll(before);
        assertEquals(1, after.size(), "replaced: " + after);
        assertTrue(before.remove(pid));
        before.forEach(other -> assertTrue(pids().contains(other), "ended too: " + other));
    }

    private static void stop(long pid) throws Exception {
        new ProcessBuilder("/bin/sh", "-c", "kill -s STOP " + pid).start().waitFor();
    }

    @ParameterizedTest
    @EnumSource
    void beforeTheHeadTheClientGetsATimeout(Protocol protocol) throws Exception {
        try (Side side = new Side();
                Client client = connect(protocol)) {
            assertEquals(
                    504, client.get("/api/limited?" + side.query()).answer().status());
            onlyThisOneIsReplaced(side.await("running-"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterTheHeadTheAnswerIsBrokenOff(Protocol protocol) throws Exception {
        try (Side side = new Side();
                Client client = connect(protocol)) {
            client.get("/api/limited?head&" + side.query());
            assertEquals(200, client.head().status());
            assertTrue(client.isBrokenOff());
            onlyThisOneIsReplaced(side.await("running-"));
        }
    }

    /** A stopped process gets TERM only when it continues, but KILL at once. */
    @Test
    void aStoppedChildIsKilled() throws Exception {
        try (Side side = new Side();
                RawClient client = connect()) {
            client.get("/api/limited?" + side.query());
            long pid = side.await("running-");
            stop(pid);
            assertEquals(504, client.answer().status());
            onlyThisOneIsReplaced(pid);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChildIsEndedAfterItsAnswerToo(Protocol protocol) throws Exception {
        try (Side side = new Side();
                Client client = connect(protocol)) {
            assertEquals(
                    "answer",
                    client.get("/api/limited?finish&" + side.query()).answer().text());
            onlyThisOneIsReplaced(side.await("running-"));
        }
    }

    @Test
    void aChildStoppedAfterItsAnswerIsKilled() throws Exception {
        try (Side side = new Side()) {
            assertEquals("answer", get("/api/limited?finish&" + side.query()).text());
            long pid = side.await("running-");
            stop(pid);
            assertFalse(others.hasFailed());
            onlyThisOneIsReplaced(pid);
        }
    }
}
