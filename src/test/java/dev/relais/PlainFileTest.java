package dev.relais;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainFileTest {
    private static final Duration FAR_MORE_THAN_ALLOWED = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Path pipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        return pipe;
    }

    @Test
    void aPlainFileIsReadUpToTheLimit() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "content");

        assertArrayEquals("content".getBytes(StandardCharsets.US_ASCII), PlainFile.read(file, 100));
        assertArrayEquals("con".getBytes(StandardCharsets.US_ASCII), PlainFile.read(file, 3));
    }

    @Test
    void aPipeThatNobodyWritesIntoHoldsNobodyUp() throws Exception {
        Path pipe = pipe();

        assertTimeoutPreemptively(
                FAR_MORE_THAN_ALLOWED, () -> assertThrows(IOException.class, () -> PlainFile.open(pipe)));
    }

    /** Such a pipe opens at once, and a read would wait for bytes that are never written. */
    @Test
    void aPipeThatSomebodyHoldsOpenIsRefused() throws Exception {
        Path pipe = pipe();
        try (FileChannel both = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertTimeoutPreemptively(
                    FAR_MORE_THAN_ALLOWED, () -> assertThrows(IOException.class, () -> PlainFile.open(pipe)));
        }
    }

    @Test
    void whatIsMissingIsSaidToBe() {
        assertThrows(NoSuchFileException.class, () -> PlainFile.open(folder.resolve("none")));
    }
}
