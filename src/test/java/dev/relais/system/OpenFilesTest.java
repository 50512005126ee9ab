package dev.relais.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {
    @TempDir
    Path folder;

    private long limit(String soft) throws IOException {
        Path limits = Files.writeString(
                folder.resolve("limits"),
                "Limit                     Soft Limit           Hard Limit           Units\n"
                        + "Max core file size        0                    unlimited            bytes\n"
                        + "Max open files            " + soft + "                 1048576              files\n");
        return OpenFiles.limit(limits);
    }

    @Test
    void isTheSoftLimitWhichTheJvmHasRaised() throws IOException {
        assertEquals(1024, limit("1024"));
        assertEquals(Long.MAX_VALUE, limit("unlimited"));
        assertEquals(Long.MAX_VALUE, OpenFiles.limit(folder.resolve("nothing")));
        assertTrue(OpenFiles.limit() > 0);
    }
}
