package dev.relais.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceExcerptTest {
    @TempDir
    Path folder;

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void theLinesAroundOneAreThere() throws IOException {
        String file = file("a.php", "1\n2\n3\n4\n5\n");
        assertEquals(new SourceExcerpt(2, List.of("2", "3", "4")), SourceExcerpt.of(file, 3, 1));
        assertEquals(new SourceExcerpt(1, List.of("1", "2", "3")), SourceExcerpt.of(file, 1, 2));
        assertEquals(new SourceExcerpt(4, List.of("4", "5")), SourceExcerpt.of(file, 5, 1));
    }

    @Test
    void whatIsNoSourceIsNotShown() throws IOException {
        SourceExcerpt none = new SourceExcerpt(1, List.of());
        String file = file("a.php", "1\n2\n");
        assertEquals(none, SourceExcerpt.of(file, 9, 1));
        assertEquals(none, SourceExcerpt.of(file, 0, 1));
        assertEquals(none, SourceExcerpt.of(file, 1, 0));
        assertEquals(none, SourceExcerpt.of(null, 1, 1));
        assertEquals(none, SourceExcerpt.of(folder + "/missing.php", 1, 1));
        assertEquals(none, SourceExcerpt.of("a.php", 1, 1));
        assertEquals(none, SourceExcerpt.of("/a\0.php", 1, 1));
        assertEquals(none, SourceExcerpt.of(file(".env", "SECRET=1\n"), 1, 1));
        assertEquals(none, SourceExcerpt.of(file("large.php", "x\n".repeat(1 << 20)), 1, 1));
    }
}
