package dev.relais.functions;

import static dev.relais.functions.FunctionFixture.link;
import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.settle;
import static dev.relais.functions.FunctionFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(temporary.toRealPath().resolve("functions"));
    }

    @Test
    void anUntouchedDirectoryDoesNotDiffer() throws IOException {
        php(directory, "a/b.php");
        link(directory.resolve("c.php"), "a/b.php");
        settle(directory.resolve("a"), directory);

        assertFalse(scanned().differ());
    }

    @Test
    void aDirectoryYoungerThanTwoSecondsIsScannedAgain() throws IOException {
        Files.setLastModifiedTime(directory, FileTime.from(NOW.minusMillis(1_999)));
        assertTrue(scanned().differ());
        Files.setLastModifiedTime(directory, FileTime.from(NOW.minusMillis(2_000)));
        assertFalse(scanned().differ());
    }

    @Test
    void aChangeThatLeavesTheTimeAsItWasIsFoundByTheScanOfAYoungDirectory() throws IOException {
        FileTime young = FileTime.from(NOW.minusMillis(500));
        php(directory, "a.php");
        Files.setLastModifiedTime(directory, young);
        Traces before = scanned();
        Files.move(directory.resolve("a.php"), directory.resolve("b.php"));
        Files.setLastModifiedTime(directory, young); // as a file system with a coarse clock does

        assertTrue(before.differ());
    }

    @Test
    void aTimeInTheFarFutureIsNotScannedForEver() throws IOException {
        Files.setLastModifiedTime(directory, FileTime.from(NOW.plusSeconds(3600)));

        assertFalse(scanned().differ());
    }

    @Test
    void aFileAddedOrRemovedAtAnyDepthDiffers() throws IOException {
        php(directory, "a/b.php");
        settle(directory.resolve("a"), directory);
        Traces before = scanned();
        php(directory, "a/c.php");
        assertTrue(before.differ());
        settle(directory.resolve("a"));
        before = scanned();
        Files.delete(directory.resolve("a/b.php"));
        assertTrue(before.differ());
    }

    @Test
    void aFolderFunctionDiffersByItsIndexOnly() throws IOException {
        php(directory, "app/index.php");
        settle(directory.resolve("app"), directory);
        Traces before = scanned();
        write(directory.resolve("app/cache/page.html"), "x");
        assertFalse(before.differ());
        Files.delete(directory.resolve("app/index.php"));
        assertTrue(before.differ());
    }

    @Test
    void aDirectorySymlinkedElsewhereDiffers() throws IOException {
        for (String release : List.of("releases/7", "releases/8")) {
            php(directory, release + "/hello.php");
            settle(directory.resolve(release));
        }
        Path current = link(directory.resolve("current"), "releases/7");
        Traces before = new Traces(NOW);
        new DirectoryScan(current, List.of(), 10, before, new Warnings()).run(FunctionFixture.NO_SETTINGS);
        assertFalse(before.differ());
        link(current, "releases/8");
        assertTrue(before.differ());
    }

    @Test
    void aLinkThatLedNowhereOrOutsideDiffersOnceItLeadsElsewhere() throws IOException {
        Path far = temporary.toRealPath().resolve("far");
        php(far, "1/x.php");
        php(far, "2/x.php");
        link(far.resolve("now"), "1");
        link(directory.resolve("x.php"), far.resolve("now/x.php").toString());
        link(directory.resolve("y.php"), far.resolve("y.php").toString());
        settle(directory);
        Traces before = scanned();
        assertFalse(before.differ());
        link(far.resolve("now"), "2");
        assertTrue(before.differ());
        before = scanned();
        php(far, "y.php");
        assertTrue(before.differ());
    }

    @Test
    void aDirectoryThatVanishedDiffers() throws IOException {
        settle(directory);
        Traces before = scanned();
        Files.delete(directory);

        assertTrue(before.differ());
    }

    @Test
    void aStampTellsFilesApartByIdentityTimeAndSize() throws IOException {
        Path file = write(directory.resolve("f"), "one");
        settle(file);
        Traces traces = new Traces(NOW);
        Stamp first = traces.stamp(file);
        assertEquals(first, traces.stamp(file));
        Path other = write(directory.resolve("g"), "two");
        settle(other);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertTrue(!first.equals(traces.stamp(file)));
    }

    private Traces scanned() throws IOException {
        Traces traces = new Traces(NOW);
        new DirectoryScan(directory, List.of(), 10, traces, new Warnings()).run(FunctionFixture.NO_SETTINGS);
        return traces;
    }
}
