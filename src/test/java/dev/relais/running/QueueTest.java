package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.admission.Refusal;
import dev.relais.admission.WaitingRoom;
import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@QuarkusTest
@TestProfile(NarrowProfile.class)
class QueueTest extends RunningGateway {
    @Inject
    WaitingRoom<?> room;

    @Test
    void whoFindsNoChildFreeWaitsAndIsServed() throws IOException {
        try (Side side = new Side();
                RawClient first = connect();
                RawClient second = connect();
                RawClient third = connect()) {
            first.get("/api/gate?id=1&" + side.query());
            side.await("running-1");
            second.get("/api/hello?name=2");
            third.get("/api/hello?name=3");
            await().until(() -> room.length() == 2);
            side.open("gate");

            assertEquals("through", first.answer().text());
            assertEquals("{\"hello\":\"2\"}", second.answer().text());
            assertEquals("{\"hello\":\"3\"}", third.answer().text());
        }
    }

    /** A 503 would say that nothing has run, which is not true. */
    @Test
    void whoHasRunAndFindsTheQueueFullForItsSecondRunIsNotRefused() throws IOException {
        try (Side side = new Side();
                RawClient first = connect();
                RawClient second = connect();
                RawClient third = connect()) {
            first.get("/api/again/crowded?gate&" + side.query());
            await().until(() -> side.has("runs"));
            second.get("/api/hello?name=2");
            third.get("/api/hello?name=3");
            await().until(() -> room.length() == 2);
            side.open("gate");

            assertEquals(502, first.answer().status());
            assertEquals("{\"hello\":\"2\"}", second.answer().text());
            assertEquals("{\"hello\":\"3\"}", third.answer().text());
        }
    }

    @Test
    void whoFindsTheQueueFullIsRefusedAtOnce() throws IOException {
        long full = room.refusals().of(Refusal.QUEUE_FULL);
        try (Side side = new Side();
                RawClient first = connect();
                RawClient second = connect();
                RawClient third = connect();
                RawClient fourth = connect()) {
            first.get("/api/gate?" + side.query());
            side.await("running-");
            second.get("/api/hello");
            third.get("/api/hello");
            await().until(() -> room.length() == 2);
            assertOverloaded(fourth.get("/api/hello").answer());
            assertEquals(full + 1, room.refusals().of(Refusal.QUEUE_FULL));
            side.open("gate");
            assertEquals(200, first.answer().status());
            assertEquals(200, second.answer().status());
            assertEquals(200, third.answer().status());
            assertEquals(200, fourth.get("/api/hello").answer().status(), "the connection goes on");
        }
    }

    /** The function has never run, so nobody can know beforehand that the wait will be too short. */
    @Test
    void whoWaitsTooLongIsRefusedThen() throws IOException {
        long over = room.refusals().of(Refusal.WAIT_OVER);
        try (Side side = new Side();
                RawClient first = connect();
                RawClient second = connect()) {
            first.get("/api/gate?" + side.query());
            side.await("running-");
            second.head("GET /api/say HTTP/1.1", "Host: localhost", "X-Request-Timeout: 1000");
            assertOverloaded(second.answer());
            assertEquals(over + 1, room.refusals().of(Refusal.WAIT_OVER));
            assertEquals(0, room.length());
            side.open("gate");
            assertEquals(200, first.answer().status());
            assertEquals(200, second.get("/api/hello").answer().status(), "the connection goes on");
        }
    }

    private static void assertOverloaded(Answer answer) {
        assertEquals(503, answer.status());
        assertTrue(Integer.parseInt(answer.header("Retry-After")) >= 1);
        assertEquals("application/problem+json", answer.header("Content-Type"));
        assertTrue(answer.text().contains("urn:relais:problem:overloaded"));
    }

    /** A part of the next request may be behind the one that waits. */
    @ParameterizedTest
    @EnumSource
    void whoHangsUpWhileWaitingLeavesTheQueueAndNeverRuns(Protocol protocol) throws IOException {
        for (boolean half : new boolean[] {false, true}) {
            try (Side side = new Side();
                    RawClient first = connect()) {
                first.get("/api/gate?id=1&" + side.query());
                side.await("running-1");
                try (Client second = connect(protocol)) {
                    second.get("/api/gate?id=2&" + side.query());
                    await().until(() -> room.length() == 1);
                    if (half) {
                        Client next = second instanceof Http2Stream stream ? stream.connection().stream() : second;
                        next.begin("POST", "/api/body", "Content-Length", "100").send(new byte[3]);
                    }
                }
                await().until(() -> room.length() == 0);
                side.open("gate");
                assertEquals(200, first.answer().status());
                assertEquals(200, get("/api/hello").status());
                assertTrue(!side.has("running-2"));
            }
        }
    }
}
