package dev.relais.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.relais.telemetry.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Losses losses = new Losses(Meters.ofAccessLog(registry), () -> 0);
    private final Line line = new Line(ZoneOffset.UTC);

    @TempDir
    Path folder;

    private FileSink open(Path file, long most, int kept) throws IOException {
        FileSink sink = new FileSink(file, most, kept, losses);
        sink.open();
        return sink;
    }

    private void write(FileSink sink, String... texts) {
        for (String text : texts) {
            sink.add(line.clear().plain(text).plain('\n'));
        }
        sink.flush();
    }

    private double lost() {
        return registry.get("relais.access.log.dropped")
                .tag("reason", "write")
                .counter()
                .count();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void appendsToWhatIsThere() throws IOException {
        Path file = Files.writeString(folder.resolve("log"), "before\n");
        FileSink sink = open(file, 0, 5);
        write(sink, "one", "two");
        String large = "x".repeat(100_000); // more than is written at a time
        write(sink, "three", large, "four");
        sink.close();
        assertEquals(List.of("before", "one", "two", "three", large, "four"), Files.readAllLines(file));
        assertEquals(0, lost());
    }

    @Test
    void aFileThatIsTooLargeIsPutAsideAndSoManyAreKept() throws IOException {
        Path file = folder.resolve("log");
        FileSink sink = open(file, 8, 2);
        for (String text : new String[] {"first-1", "second", "third-3", "fourth4"}) {
            write(sink, text);
        }
        sink.close();
        assertEquals(List.of("log", "log.1", "log.2"), names());
        assertEquals("", Files.readString(file));
        assertEquals("fourth4\n", Files.readString(folder.resolve("log.1")));
        assertEquals("second\nthird-3\n", Files.readString(folder.resolve("log.2")));
    }

    @Test
    void withoutAnyThatAreKeptItBeginsAnew() throws IOException {
        FileSink sink = open(folder.resolve("log"), 4, 0);
        write(sink, "12345");
        write(sink, "a");
        sink.close();
        assertEquals(List.of("log"), names());
        assertEquals("a\n", Files.readString(folder.resolve("log")));
    }

    @Test
    void goesOnInANewFileWhenTheOldOneWasRenamed() throws IOException {
        Path file = folder.resolve("log");
        FileSink sink = open(file, 0, 5);
        write(sink, "one");
        Files.move(file, folder.resolve("renamed"));
        write(sink, "two");
        sink.reopen();
        write(sink, "three");
        sink.close();
        assertEquals("one\ntwo\n", Files.readString(folder.resolve("renamed")));
        assertEquals("three\n", Files.readString(file));
    }

    @Test
    void aFileThatWasMovedAwayIsMadeAgainWhenItIsTooLarge() throws IOException {
        Path file = folder.resolve("log");
        FileSink sink = open(file, 8, 2);
        write(sink, "abc");
        Files.move(file, folder.resolve("away"));
        write(sink, "defgh", "next");
        write(sink, "new");
        sink.close();
        assertEquals("abc\ndefgh\nnext\n", Files.readString(folder.resolve("away")));
        assertEquals("new\n", Files.readString(file));
        assertEquals(List.of("away", "log"), names());
    }

    @Test
    void goesOnInTheOldOneWhenNoneCanBeOpened() throws IOException {
        Path below = Files.createDirectory(folder.resolve("below"));
        FileSink sink = open(below.resolve("log"), 0, 5);
        Files.move(below, folder.resolve("moved"));
        sink.reopen();
        write(sink, "one");
        sink.close();
        assertEquals("one\n", Files.readString(folder.resolve("moved/log")));
    }

    @Test
    void whatAFullDiskDoesNotTakeIsCounted() throws IOException {
        FileSink sink = open(Path.of("/dev/full"), 8, 5);
        write(sink, "one", "two");
        assertEquals(2, lost());
        write(sink, "three");
        assertEquals(3, lost());
        sink.close();
        assertFalse(Files.exists(Path.of("/dev/full.1")));
    }

    @Test
    void aFolderThatIsNotThereIsAnError() {
        assertThrows(IOException.class, () -> open(folder.resolve("none/log"), 0, 5));
    }
}
