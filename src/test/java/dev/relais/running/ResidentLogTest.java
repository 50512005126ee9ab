package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Resident functions say the same as others in the log. */
@QuarkusTest
@TestProfile(ResidentProfile.class)
class ResidentLogTest extends PhpLogCases {
    @Override
    int mostAtDeath() {
        return 200_000;
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

    /** No test of resident functions: PHP-FPM marks a line without an end at the end of its own request only. */
    @Override
    void linesWithoutAnEndEmptyLinesAndMarksOfFpmAreWhatTheyWere() {}

    /** No test of resident functions: what a killed process has logged comes by another connection than its request, and may come in two pieces. */
    @Override
    void whatAKilledProcessHasWrittenOfALineIsInTheLogOnce() {}

    /** No test of resident functions: each killed process boots anew, which takes longer than the lines are held back for. */
    @Override
    void aClientThatIsRefusedAgainAndAgainWritesAFewLinesOnly() {}

    /**
     * No test of resident functions, nor is the next one: a long message comes by another connection than its request, and on a busy machine its
     * last part may be told for itself.
     */
    @Override
    void aMessageOfAnyLengthAndShapeComesWholeAndOnce() {}

    @Override
    void jsonOnManyLinesIsJsonOnOne() {}
}
