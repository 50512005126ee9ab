package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.LogLines;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Scripts that kill their process in their first run, and the cases in which they run a second time. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class RetryTest extends RunningGateway {
    private final Side side = new Side();

    RetryTest() throws IOException {}

    private String target(String function, String query) {
        return "/api/again/" + function + "?" + query + side.query();
    }

    private long runs() throws IOException {
        return runs(side);
    }

    /** How often a script has begun with these marks. */
    private static long runs(Side marks) throws IOException {
        return marks.has("runs") ? Files.size(marks.path().resolve("runs")) : 0;
    }

    private double retries() throws IOException {
        return manage("/q/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("relais_retries_total{function=\"again/idempotent\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void anIdempotentFunctionIsRunOnceMore() throws IOException {
        double before = retries();
        Answer answer = get(target("idempotent", ""));

        assertEquals(200, answer.status());
        assertEquals("run 2: ", answer.text());
        assertEquals(before + 1, retries());
    }

    @Test
    void theSecondRunHasTheWholeBodyToo() throws IOException {
        String body = "b".repeat(500_000); // goes to a spool file
        try (RawClient client = connect()) {
            Answer answer = client.head(
                            "POST " + target("idempotent", "") + " HTTP/1.1",
                            "Host: localhost",
                            "Content-Type: text/plain",
                            "Content-Length: " + body.length())
                    .send(body)
                    .answer();

            assertEquals("run 2: " + body, answer.text());
        }
    }

    @Test
    void anotherFunctionRunsOnceThoughItIsAskedWithGet() throws IOException {
        assertEquals(502, get(target("usual", "")).status());
        assertEquals(1, runs());
    }

    /** By the process id an operator finds the line of the master and of the kernel about the process. */
    @Test
    void whatIsRunAgainIsInTheLogWithTheProcessThatWasLost() throws IOException {
        try (LogLines log = new LogLines()) {
            String target = target("crowded", "");
            assertEquals("run 2: ", get(target).text());

            String line = "Request is run again: function=again/crowded method=GET target=" + target
                    + " request-id=[0-9a-f]{32} worker=\\d child=" + side.await("first")
                    + " started=true problem=FUNCTION_FAILED detail=\".*\"";
            Pattern wanted = Pattern.compile(line.replace("?", "\\?"));
            assertEquals(1, log.lines().filter(wanted.asMatchPredicate()).count(), log::toString);
            assertEquals(
                    0,
                    log.lines()
                            .filter(l -> l.startsWith("Request failed: function=again/crowded"))
                            .count(),
                    log::toString);
        }
    }

    @Test
    void aRequestWhoseSecondRunIsLostTooHasALineForEach() throws IOException {
        try (LogLines log = new LogLines()) {
            assertEquals(502, get(target("crowded", "always&")).status());

            String first = " child=" + side.await("first") + " ";
            assertEquals(
                    1,
                    log.lines()
                            .filter(l -> l.startsWith("Request is run again: ") && l.contains(first))
                            .count());
            assertEquals(
                    1,
                    log.lines()
                            .filter(l ->
                                    l.startsWith("Request failed: ") && l.contains(" child=") && !l.contains(first))
                            .count());
        }
    }

    @Test
    void thereIsNoThirdRun() throws IOException {
        assertEquals(502, get(target("idempotent", "always&")).status());
        assertEquals(2, runs());
    }

    @Test
    void whatHasReachedTheClientIsNotRunAgain() throws IOException {
        try (RawClient client = connect()) {
            client.get(target("idempotent", "head&"));
            assertThrows(EOFException.class, client::answer);
        }
        assertEquals(1, runs());
    }

    /** On a busy machine one limit may pass in the first run, or take as long as two, which would be 6.5 s: that proves nothing. */
    @Test
    void bothRunsTogetherHaveOneTimeLimit() throws Exception {
        untilProved(marks -> {
            long begin = System.nanoTime();
            assertEquals(504, get("/api/again/limited?slow&" + marks.query()).status());
            Duration took = Duration.ofNanos(System.nanoTime() - begin);

            assertTrue(took.toMillis() >= 3950, took::toString);
            long runs = runs(marks);
            assertTrue(runs <= 2, runs + " runs");
            return runs == 2 && took.toMillis() < 6400;
        });
    }

    /** On a busy machine the deadline may be over before a child is there for the first run. */
    @Test
    void aClientWhoseDeadlineIsOverIsNotServedAgain() throws Exception {
        untilProved(marks -> {
            Answer answer = ask(
                    "GET /api/again/idempotent?slow&" + marks.query() + " HTTP/1.1",
                    "Host: localhost",
                    "X-Request-Timeout: 500");
            if (runs(marks) == 0) {
                assertNotEquals(200, answer.status());
                return false;
            }
            assertEquals(502, answer.status());
            assertEquals(1, runs(marks));
            return true;
        });
    }
}
