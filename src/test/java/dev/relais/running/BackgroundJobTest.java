package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process that a script starts in the background inherits the child's side of the FastCGI connection, which then does not
 * close when the child ends. After each test every child is free although the job still runs, see the superclass.
 */
@QuarkusTest
@TestProfile(RunningProfile.class)
class BackgroundJobTest extends RunningGateway {
    private Side side;

    @BeforeEach
    void open() throws IOException {
        side = new Side();
    }

    /** Runs the superclass' check before the job is ended, since it has to hold while the job runs. */
    @Override
    @AfterEach
    void poolBecomesWhole() {
        long job = side.await("job");
        try {
            assertTrue(Side.runs(job), "the job is still there");
            super.poolBecomesWhole();
        } finally {
            ProcessHandle.of(job).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private String target(String how, String then) {
        return "/api/job?how=" + how + "&then=" + then + "&" + side.query();
    }

    private static void kill(long pid) {
        assertTrue(ProcessHandle.of(pid).orElseThrow().destroyForcibly());
    }

    private void signal(String name, long pid) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " " + pid)
                        .start()
                        .waitFor());
    }

    @ParameterizedTest
    @CsvSource({"quiet, 9", "quiet, 11", "quiet, 6", "nohup, 6", "setsid, 9", "setsid, 7"})
    void aCrashIsABadGatewayAtOnce(String how, int signal) throws IOException {
        long begin = System.nanoTime();
        assertEquals(502, get(target(how, "die") + "&signal=" + signal).status());
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertTrue(took.toSeconds() < 90, "not after the time limit of three minutes: " + took);
        assertEquals(200, get("/api/hello").status());
    }

    @Test
    void aProcessThatIsKilledWhileItWaitsForItsJobIsABadGatewayAtOnce() throws IOException {
        try (RawClient client = connect().get(target("heard", "hang"))) {
            long child = side.await("running-");
            side.await("job");
            kill(child);
            assertEquals(502, client.answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"quiet", "setsid"})
    void anIdleProcessThatIsKilledIsNobodysAnswer(String how) throws IOException {
        assertEquals("done", get(target(how, "end")).text());
        long child = side.await("running-");
        kill(child);
        await().until(() -> !children().contains("\"pid\":" + child));
        for (int i = 0; i < 8; i++) {
            assertEquals(200, get("/api/hello").status());
        }
    }

    private String children() throws IOException {
        return status().prettify().replace(" ", "");
    }

    /** The line by which a master reports the end then does not come, and the process stays a zombie. */
    @Test
    void aCrashIsSeenThoughItsMasterIsStopped() throws Exception {
        try (RawClient client = connect().get(target("setsid", "hang"))) {
            long child = side.await("running-");
            long master = group.workers().stream()
                    .mapToLong(group::masterPid)
                    .filter(pid ->
                            ProcessHandle.of(pid).orElseThrow().children().anyMatch(of -> of.pid() == child))
                    .findFirst()
                    .orElseThrow();
            side.await("job");
            signal("STOP", master);
            try {
                kill(child);
                assertEquals(502, client.answer().status());
            } finally {
                signal("CONT", master);
            }
        }
    }

    @Test
    void aTimeLimitDoesNotWaitForTheJob() throws IOException {
        long begin = System.nanoTime();
        assertEquals(
                504,
                get("/api/limited/job?how=setsid&then=hang&" + side.query()).status());
        Side.awaitEnd(side.await("running-"));
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertTrue(took.toSeconds() < 90, took.toString()); // the script and its job sleep for two minutes
    }

    /** The job writes whole records with the request id that every exchange would have if ids were not drawn at random. */
    @Test
    void whatAJobWritesToTheConnectionIsNeverInAnAnswer() throws IOException {
        assertEquals("done", get(target("stray", "end")).text());
        side.open("go");
        side.await("written");
        for (int i = 0; i < 16; i++) {
            Answer answer = get("/api/hello");
            assertFalse(answer.text().contains("evil"), answer.text());
        }
    }
}
