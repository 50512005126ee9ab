package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.events.GenerationEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A switch whose new masters preload what the ones before have used. */
class SuccessionPreloadTest extends SuccessionFixture {
    @Test
    void whatTheOldGenerationHasUsedIsPreloadedByTheNext() throws Exception {
        learned = Map.of(Path.of("/functions/A.php"), "A", Path.of("/functions/B.php"), "B");
        succession.takeOver(2);
        assertEquals(List.of(2), preloads);
        assertEquals(2, generations.preloaded());
        assertEquals(List.of(new GenerationEvent.Preloaded(2, 2)), told());
    }

    @Test
    void aGenerationThatFailsWithWhatWasLearnedIsStartedOnceMoreWithout() throws Exception {
        learned = Map.of(Path.of("/functions/A.php"), "A");
        failsWithPreload = "warm-up call /api/a was answered with 500";
        succession.takeOver(2);
        assertEquals(List.of(1, 0), preloads);
        assertEquals(0, generations.preloaded());
        assertEquals(List.of(new GenerationEvent.PreloadGivenUp(2, failsWithPreload)), told());
        assertEquals(
                List.of(
                        "load",
                        "begin 2 while STARTING",
                        "end 2",
                        "begin 2 while STARTING",
                        "warm up 2 while WARMING",
                        "serve 2",
                        "publish"),
                order);
    }

    @Test
    void aGenerationThatFailsWithoutItTooIsGivenUp() {
        learned = Map.of(Path.of("/functions/A.php"), "A");
        failure = "the master of worker 0 ended";
        assertEquals(failure, problem().getMessage());
        assertEquals(List.of(1, 0), preloads);
        assertEquals(0, generations.preloaded());
    }
}
