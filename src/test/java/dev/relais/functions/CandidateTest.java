package dev.relais.functions;

import static dev.relais.functions.FunctionFixture.config;
import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.events.Events;
import dev.relais.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The functions with generations, where a change is a candidate until it is published. */
class CandidateTest extends WatchedFunctions {
    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

    @BeforeEach
    void watch() throws IOException {
        php(directory, "a.php");
        functions = new Functions(config(directory).inGenerations(), new Events());
        functions.onChanged(() -> told.add("changed"));
        functions.start(null, 10, folder -> true);
    }

    private void awaitTold() throws InterruptedException {
        assertNotNull(told.poll(Patience.SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void aChangeIsToldButNotInForceUntilItIsPublished() throws Exception {
        FunctionRegistry before = functions.current();
        php(directory, "b.php");
        awaitTold();
        Candidate candidate = functions.candidate();
        assertSame(before, functions.current());
        assertEquals(2, candidate.registry().size());
        assertEquals(List.of(directory.resolve("a.php"), directory.resolve("b.php")), candidate.scripts());
        assertTrue(functions.isStill(candidate, false));

        functions.publish(candidate);
        assertSame(candidate.registry(), functions.current());
        assertEquals(1, functions.status().reloads());
    }

    @Test
    void whatChangesAfterTheLoadMakesItAnotherOne() throws Exception {
        Candidate candidate = functions.candidate();
        write(directory.resolve("template.html"), "x");
        assertFalse(functions.isStill(candidate, false));
        assertTrue(functions.isStill(candidate, true), "it is no code");
        functions.drop(candidate);
        awaitTold();
    }

    @Test
    void aChangeThatAnotherLoadHasTakenAlongIsNoneAnyMore() throws Exception {
        Candidate first = functions.candidate();
        php(directory, "b.php");
        awaitTold();
        assertTrue(functions.haveChanged());
        functions.drop(first);
        assertTrue(functions.haveChanged());
        functions.publish(functions.candidate());
        assertFalse(functions.haveChanged());
    }

    @Test
    void aChangeThatTheLastLoadDidNotHaveStaysOne() throws Exception {
        Candidate candidate = functions.candidate();
        php(directory, "b.php");
        awaitTold();
        functions.publish(candidate);
        assertTrue(functions.haveChanged());
    }

    @Test
    void badSettingsAreTakenOnlyOnce() throws Exception {
        write(directory.resolve("functions.yaml"), "functions: {a: {timeout: never}}");
        awaitTold();
        assertThrows(IOException.class, functions::candidate);
        assertFalse(functions.haveChanged());
    }

    @Test
    void aDirectoryThatIsGoneIsAProblemUntilItIsBack() throws Exception {
        Path away = directory.resolveSibling("away");
        Files.move(directory, away);
        eventually(() -> assertEquals(
                "NoSuchFileException " + directory, functions.status().problem()));
        assertEquals(1, functions.status().failedReloads());
        assertThrows(IOException.class, functions::candidate);
        assertEquals(1, functions.status().failedReloads(), "it is the same problem");

        Files.move(away, directory);
        eventually(() -> assertNull(functions.status().problem()));
    }

    @Test
    void whoRefreshesWaitsForTheSwitch() throws Exception {
        php(directory, "b.php");
        CompletableFuture<FunctionRegistry> waiting = functions.refresh().toCompletableFuture();
        awaitTold();
        assertFalse(waiting.isDone());
        functions.publish(functions.candidate());
        assertEquals(2, waiting.get(Patience.SECONDS, TimeUnit.SECONDS).size());
    }

    @Test
    void withoutAChangeARefreshIsDoneAtOnce() throws Exception {
        assertEquals(
                1,
                functions
                        .refresh()
                        .toCompletableFuture()
                        .get(Patience.SECONDS, TimeUnit.SECONDS)
                        .size());
    }

    @Test
    void badSettingsAreNoCandidateAndWhoWaitsGetsWhatIsInForce() throws Exception {
        write(directory.resolve("functions.yaml"), "functions: {a: {timeout: never}}");
        CompletableFuture<FunctionRegistry> waiting = functions.refresh().toCompletableFuture();
        awaitTold();
        IOException problem = assertThrows(IOException.class, functions::candidate);
        assertTrue(problem.getMessage().contains("not a duration"), problem.getMessage());
        assertEquals(problem.getMessage(), functions.status().problem());
        assertSame(functions.current(), waiting.get(Patience.SECONDS, TimeUnit.SECONDS));

        write(directory.resolve("functions.yaml"), "functions: {a: {timeout: 1s}}");
        awaitTold();
        functions.publish(functions.candidate());
        assertNull(functions.status().problem());
        assertEquals(1_000, timeout("a"));
    }
}
