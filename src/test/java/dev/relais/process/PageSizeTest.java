package dev.relais.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageSizeTest {
    @TempDir
    Path directory;

    private int of(long... words) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.nativeOrder());
        for (long word : words) {
            bytes.putLong(word);
        }
        return PageSize.in(Files.write(directory.resolve("auxv"), bytes.array()));
    }

    @Test
    void theKernelAndTheCLibraryAgree() {
        Command command = new Command(ProcessBuilder::start, Duration.ofSeconds(10));
        String said = command.run(List.of("getconf", "PAGESIZE")).output();
        assertEquals(said, Integer.toString(PageSize.ofThisMachine()));
    }

    @Test
    void itIsFoundAmongOtherValues() throws IOException {
        assertEquals(65_536, of(33, 0x7fff_0000_0000L, 6, 65_536, 17, 100, 0, 0));
    }

    @Test
    void itIsTheUsualOneWhereNothingOrNonsenseIsSaid() throws IOException {
        assertEquals(PageSize.USUAL, of());
        assertEquals(PageSize.USUAL, of(6));
        assertEquals(PageSize.USUAL, of(6, 0, 6, -1, 0, 0));
        assertEquals(PageSize.USUAL, of(0, 0, 6, 65_536), "what stands behind the end");
        assertEquals(PageSize.USUAL, PageSize.in(directory.resolve("missing")));
    }
}
