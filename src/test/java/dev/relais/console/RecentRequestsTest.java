package dev.relais.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.slot.OwnerNumbers;
import dev.relais.telemetry.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RecentRequestsTest {
    private static RecentRequests keeping(int requests) {
        return new RecentRequests(() -> requests, () -> 5_000);
    }

    /** All of its numbers follow from one. */
    private static Timeline request(String id, int number) {
        Timeline timeline = new Timeline(Requests.of(id), 0);
        timeline.queued(1_000_000L * number);
        timeline.claimed(new OwnerNumbers(number, number + 1), number + 2L, "/api/hello", 1_000_000L * (number + 3));
        timeline.firstByte(1_000_000L * (number + 4));
        timeline.lastByte(1_000_000L * (number + 5));
        timeline.answeredBy(Timeline.Source.PHP);
        timeline.cacheBy(() -> "miss");
        timeline.end(200, number + 6L, number + 7L, 1_000_000L * (number + 8));
        return timeline;
    }

    private static PastRequest expected(long number, String id, int with) {
        return new PastRequest(
                number,
                Instant.ofEpochSecond(5),
                id,
                "GET",
                null,
                200,
                "php",
                null,
                "miss",
                -1,
                with,
                with + 3,
                with + 4,
                with + 5,
                with + 8,
                with,
                with + 2,
                with + 1,
                0,
                with + 6,
                with + 7);
    }

    @Test
    void oneIsFoundByItsIdAloneWithAllThatIsKnownOfIt() {
        RecentRequests requests = keeping(10);
        requests.ended(request("abc", 1));
        requests.ended(request("abcd", 2));
        requests.ended(request("b".repeat(128), 3));
        assertEquals(List.of(expected(1, "abc", 1)), requests.find("abc"));
        assertEquals(List.of(expected(3, "b".repeat(128), 3)), requests.find("b".repeat(128)));
        assertEquals(List.of(), requests.find("ab"));
        assertEquals(List.of(), requests.find("b".repeat(129)));
        assertEquals(List.of(), requests.find(""));
    }

    @Test
    void allWithAnIdAreFoundInTheirOrderAndTheOldestGivesWay() {
        RecentRequests requests = keeping(3);
        for (int i = 1; i <= 4; i++) {
            requests.ended(request("same", i));
        }
        assertEquals(
                List.of(expected(2, "same", 2), expected(3, "same", 3), expected(4, "same", 4)), requests.find("same"));
    }

    @Test
    void oneThatGotNoChildAndOneWithoutAnIdHarmNothing() {
        RecentRequests requests = keeping(2);
        requests.ended(new Timeline(Requests.of(null), 0));
        Timeline refused = new Timeline(Requests.of("refused"), 0);
        refused.problem("queue-full");
        refused.answeredBy(Timeline.Source.RELAIS);
        refused.end(503, 0, 100, 2_000_000);
        requests.ended(refused);
        PastRequest found = requests.find("refused").get(0);
        assertEquals(503, found.status());
        assertEquals("queue-full", found.problem());
        assertEquals(-1, found.claimed());
        assertEquals(-1, found.worker());
        assertEquals(-1, found.generation());
        assertEquals(2, found.end());
    }

    @Test
    void noneIsKeptWhereNoneIsToBe() {
        RecentRequests requests = keeping(0);
        requests.ended(request("abc", 1));
        assertEquals(List.of(), requests.find("abc"));
    }

    /** So few places that threads overtake each other all the time: what is found is of one request, never of two. */
    @Test
    void whatIsFoundIsWholeWhileOthersWrite() throws Exception {
        RecentRequests requests = keeping(3);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                int first = 1_000 * thread;
                writers.add(threads.submit(() -> {
                    for (int i = 0; !done.get(); i++) {
                        int number = first + i % 1_000;
                        requests.ended(request("r" + number % 2, number));
                    }
                }));
            }
            int seen = 0;
            for (int i = 0; i < 20_000 || seen < 100; i++) {
                String id = "r" + i % 2;
                for (PastRequest one : requests.find(id)) {
                    seen++;
                    assertEquals(i % 2, one.worker() % 2);
                    assertEquals(expected(one.number(), id, one.worker()), one);
                }
            }
            assertTrue(seen >= 100);
            done.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
    }
}
