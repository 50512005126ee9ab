package dev.relais.launcher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program that has Quarkus' jars be the same at each build, run as the build runs it. */
class SameBytesTest {
    private static final String TIME = "2026-11-28T12:00:00Z";
    private static final String ENTRY = "META-INF/services/some.Service";

    @TempDir
    Path folder;

    /** The times of a jar are local ones. Where Quarkus writes them as instants, reading them depends on the time zone. */
    @Test
    void aJarIsTheSameInEachTimeZone() throws Exception {
        Path here = rewritten("here.jar", "UTC");
        Path there = rewritten("there.jar", "Asia/Tokyo");
        assertArrayEquals(Files.readAllBytes(here), Files.readAllBytes(there));
        try (ZipFile jar = new ZipFile(there.toFile())) {
            assertEquals(
                    LocalDateTime.parse("2026-11-28T12:00:00"),
                    jar.getEntry(ENTRY).getTimeLocal());
        }
    }

    private Path rewritten(String name, String zone) throws IOException, InterruptedException {
        Path jar = folder.resolve(name);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            ZipEntry entry = new ZipEntry(ENTRY);
            entry.setLastModifiedTime(FileTime.from(Instant.parse(TIME)));
            out.putNextEntry(entry);
            out.write("some.Implementation".getBytes());
        }
        ProcessBuilder builder = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "src/main/launcher/SameBytes.java",
                        jar.toString(),
                        TIME)
                .inheritIO();
        builder.environment().put("TZ", zone);
        Process process = builder.start();
        assertTrue(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS), "still running");
        assertEquals(0, process.exitValue());
        return jar;
    }
}
