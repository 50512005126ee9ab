package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangesTest {
    private static final long MS = 1_000_000;
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private Changes changes;
    private Tree first;

    @BeforeEach
    void start() throws IOException {
        FunctionFixture.php(directory, "a.php");
        changes = new Changes(
                FunctionFixture.config(directory).inGenerations(),
                FunctionRegistry.empty(),
                InstantSource.system(),
                nanos::get);
        first = changes.tree();
    }

    private boolean look(long tree, long millis) {
        return changes.look(tree == 0 ? first : new Tree(tree, tree), millis * MS);
    }

    @Test
    void aDirectoryThatCannotBeReadIsAFailureOnceItHasBeenSoForTheQuietTime() throws IOException {
        Path away = directory.resolveSibling(directory.getFileName() + "-away");
        Files.move(directory, away);
        try {
            assertFalse(changes.look(true));
            nanos.addAndGet(100 * MS);
            assertFalse(changes.look(true));
            nanos.addAndGet(1);
            assertThrows(IOException.class, () -> changes.look(true));
        } finally {
            Files.move(away, directory);
        }
        assertFalse(changes.look(true));
    }

    @Test
    void aFileThatIsWrittenIntoIsSeenWhenTheFilesAreDue() throws IOException {
        assertFalse(changes.look(true));
        long size = Files.size(directory.resolve("a.php"));
        Files.writeString(directory.resolve("a.php"), "<?php echo 'longer than before';");
        assertTrue(Files.size(directory.resolve("a.php")) != size);
        nanos.addAndGet(MS);
        assertFalse(changes.look(true));
        nanos.addAndGet(100 * MS);
        assertTrue(changes.look(false));
        assertFalse(changes.look(true));
    }

    @Test
    void aChangeIsToldOnceWhenItHasBeenQuiet() {
        assertFalse(look(0, 0));
        assertFalse(look(7, 1_000));
        assertFalse(look(7, 1_099));
        assertTrue(look(7, 1_100));
        assertFalse(look(7, 1_101));
        assertFalse(look(7, 9_000));
    }

    @Test
    void eachFurtherChangeBeginsTheQuietAnew() {
        assertFalse(look(7, 1_000));
        assertFalse(look(8, 1_090));
        assertFalse(look(8, 1_150));
        assertFalse(look(9, 1_180));
        assertFalse(look(9, 1_270));
        assertTrue(look(9, 1_280));
    }

    @Test
    void whatGoesBackToWhatIsInForceIsNoChange() {
        assertFalse(look(7, 1_000));
        assertFalse(look(0, 1_050));
        assertFalse(look(0, 5_000));
        assertTrue(changes.settled(LONG).isDone());
    }

    @Test
    void whoWaitsForAChangeWaitsUntilItsSwitchIsOver() {
        assertTrue(changes.settled(LONG).isDone());
        look(7, 1_000);
        CompletableFuture<Void> waiting = changes.settled(LONG);
        assertFalse(waiting.isDone());
        look(7, 1_100);
        changes.begin();
        assertFalse(waiting.isDone());
        changes.settle();
        assertTrue(waiting.isDone());
    }

    @Test
    void aChangeThatCouldNotBeLoadedIsNotToldAgainNorWaitedFor() {
        look(7, 1_000);
        assertTrue(look(7, 1_100));
        changes.begin();
        changes.settle();
        assertFalse(look(7, 9_000));
        assertTrue(changes.settled(LONG).isDone());
        assertFalse(look(8, 10_000));
        assertTrue(look(8, 10_100));
    }

    @Test
    void aWaitHasAnEnd() throws Exception {
        look(7, 1_000);
        changes.settled(Duration.ofMillis(1)).get(Patience.SECONDS, TimeUnit.SECONDS);
    }
}
