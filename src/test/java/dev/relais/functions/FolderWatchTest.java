package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel and the times of folders tell of changes. */
class FolderWatchTest {
    @TempDir
    Path directory;

    private Path sub;
    private final Set<Path> changed = new HashSet<>();
    private boolean more;
    private boolean unknown;
    private final FolderWatch.Sink sink = new FolderWatch.Sink() {
        @Override
        public void changed(Path file) {
            changed.add(file);
        }

        @Override
        public void arrived(Path folder) {}

        @Override
        public void moreFolders() {
            more = true;
        }

        @Override
        public void unknown() {
            unknown = true;
        }
    };

    @BeforeEach
    void makeFolders() throws IOException {
        sub = Files.createDirectory(directory.resolve("sub"));
        Files.writeString(sub.resolve("old.php"), "old");
    }

    private FolderEvents events() throws IOException {
        return FolderEvents.of(
                Set.of(directory, sub), Set.of(directory, sub), new LeftOut(directory, Set.of(".git", "sub/data/")));
    }

    private void awaitUntil(FolderWatch watch, java.util.function.BooleanSupplier seen) {
        Awaitility.await().until(() -> {
            watch.await(TimeUnit.MILLISECONDS.toNanos(20), sink);
            return seen.getAsBoolean();
        });
    }

    @Test
    void theKernelNamesFilesThatAreReplacedWrittenIntoTouchedAndRemoved() throws Exception {
        try (FolderEvents events = events()) {
            Path fresh = Files.writeString(directory.resolve("fresh"), "new");
            Files.move(fresh, sub.resolve("old.php"), StandardCopyOption.ATOMIC_MOVE);
            awaitUntil(events, () -> changed.contains(sub.resolve("old.php")));
            changed.clear();
            Files.writeString(sub.resolve("old.php"), "in place");
            awaitUntil(events, () -> changed.contains(sub.resolve("old.php")));
            changed.clear();
            Files.setLastModifiedTime(sub.resolve("old.php"), java.nio.file.attribute.FileTime.fromMillis(1_000));
            awaitUntil(events, () -> changed.contains(sub.resolve("old.php")));
            changed.clear();
            Files.delete(sub.resolve("old.php"));
            awaitUntil(events, () -> changed.contains(sub.resolve("old.php")));
            assertFalse(more);
            assertFalse(unknown);
        }
    }

    @Test
    void aFolderThatHasGoneIsFollowedWhenItIsBack() throws Exception {
        Path gone = sub.resolve("gone");
        try (FolderEvents events = FolderEvents.of(
                Set.of(gone, directory, sub), Set.of(gone, directory, sub), new LeftOut(directory, Set.of()))) {
            Files.createDirectory(gone);
            awaitUntil(events, () -> changed.contains(gone));
            Files.writeString(gone.resolve("later.php"), "later");
            awaitUntil(events, () -> changed.contains(gone.resolve("later.php")));
        }
    }

    @Test
    void aFolderThatComesIsFollowedWithAllBelow() throws Exception {
        Path prepared = Files.createDirectories(directory.resolveSibling("prepared-" + directory.getFileName()));
        Files.createDirectory(prepared.resolve("deep"));
        Files.writeString(prepared.resolve("deep/there.php"), "there");
        try (FolderEvents events = events()) {
            Path come = Files.move(prepared, sub.resolve("new"));
            awaitUntil(events, () -> changed.contains(come.resolve("deep/there.php")));
            Files.writeString(come.resolve("deep/later.php"), "later");
            awaitUntil(events, () -> changed.contains(come.resolve("deep/later.php")));
            Files.move(come.resolve("deep"), come.resolve("other"));
            awaitUntil(events, () -> unknown);
            assertFalse(more);
        }
    }

    @Test
    void whatIsIgnoredIsNotFollowedWhenItComes() throws Exception {
        try (FolderEvents events = events()) {
            Files.createDirectory(sub.resolve("data"));
            Files.createDirectory(sub.resolve(".git"));
            awaitUntil(events, () -> changed.contains(sub.resolve(".git")));
            Files.writeString(sub.resolve("data/noise"), "noise");
            Files.writeString(sub.resolve(".git/noise"), "noise");
            Files.writeString(sub.resolve("last.php"), "last");
            awaitUntil(events, () -> changed.contains(sub.resolve("last.php")));
            assertFalse(changed.contains(sub.resolve("data/noise")));
            assertFalse(changed.contains(sub.resolve(".git/noise")));
        }
    }

    @Test
    void aSymlinkThatComesIsTold() throws Exception {
        try (FolderEvents events = events()) {
            Files.createSymbolicLink(sub.resolve("link"), directory);
            awaitUntil(events, () -> more);
            assertFalse(unknown);
        }
    }

    @Test
    void aFolderThatGoesMakesAllUnknown() throws Exception {
        try (FolderEvents events = events()) {
            Files.move(sub, directory.resolve("away"));
            awaitUntil(events, () -> unknown);
        }
    }

    /** The JDK keeps 512 changes of a folder, the kernel 16,384 of all; then it says so. */
    @Test
    void moreChangesThanAreKeptMakeAllUnknown() throws Exception {
        try (FolderEvents events = events()) {
            for (int i = 0; i < 3_000; i++) {
                Files.createFile(sub.resolve("f" + i));
            }
            awaitUntil(events, () -> unknown);
        }
    }

    private long now = 1;
    private int looked;
    private boolean serving = true;

    private FolderPoll poll(Instant taken) throws IOException {
        Traces traces = new Traces(taken);
        traces.stamp(directory);
        traces.stamp(sub);
        return new FolderPoll(
                traces,
                () -> {
                    looked++;
                    return serving;
                },
                TimeUnit.MILLISECONDS.toNanos(250),
                () -> now,
                nanos -> now += nanos);
    }

    @Test
    void theTimeOfAFolderTellsOfAFileThatIsPutInPlace() throws Exception {
        FolderPoll poll = poll(Instant.now().plusSeconds(60)); // so that nothing is too young to be believed
        poll.await(TimeUnit.SECONDS.toNanos(1), sink);
        assertFalse(unknown);
        Path fresh = Files.writeString(directory.resolve("fresh"), "new");
        Files.move(fresh, sub.resolve("old.php"), StandardCopyOption.ATOMIC_MOVE);
        poll.await(TimeUnit.SECONDS.toNanos(1), sink);
        assertTrue(unknown);
        assertEquals(2, looked);
    }

    @Test
    void nothingIsLookedAtWhileNothingIsServed() throws Exception {
        FolderPoll poll = poll(Instant.now().plusSeconds(60));
        serving = false;
        now += TimeUnit.SECONDS.toNanos(10);
        Files.writeString(sub.resolve("new.php"), "new");
        poll.await(TimeUnit.SECONDS.toNanos(1), sink);
        assertFalse(unknown);
        serving = true;
        poll.await(TimeUnit.SECONDS.toNanos(1), sink);
        assertTrue(unknown);
    }
}
