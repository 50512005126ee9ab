package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    private static final Instant OLD = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    @TempDir
    Path directory;

    private Path root;
    private Path own;
    private Path copied;
    private Path outside;

    @BeforeEach
    void fill() throws IOException {
        outside = Files.writeString(
                Files.createDirectory(directory.resolve("outside")).resolve("kept"), "kept");
        root = Files.createDirectory(directory.resolve("root"));
        own = Files.writeString(root.resolve("relais-pid.php"), "<?php");
        copied = Files.writeString(
                Files.createDirectory(root.resolve("functions")).resolve("a.php"), "<?php");
        Files.createSymbolicLink(root.resolve("link"), outside.getParent());
        Files.createSymbolicLink(root.resolve("dangling"), root.resolve("nothing"));
        for (Path file : new Path[] {own, copied, outside}) {
            age(file);
        }
        age(root);
    }

    private static void age(Path file) throws IOException {
        Files.setAttribute(file, "lastAccessTime", FileTime.from(OLD));
        Files.setLastModifiedTime(file, FileTime.from(OLD));
    }

    private static Instant time(Path file, String attribute) throws IOException {
        return ((FileTime) Files.getAttribute(file, attribute)).toInstant();
    }

    @Test
    void allLooksUsedAndTheCopiesOfFunctionsLookUnchanged() throws Exception {
        Files.writeString(root.resolve("w0-1.0.err"), ""); // as the name of a FIFO, which is not opened
        age(root.resolve("w0-1.0.err"));
        FileTree.touch(root, NOON);
        assertEquals(NOON, time(root, "lastModifiedTime"));
        assertEquals(NOON, time(own, "lastAccessTime"));
        assertEquals(NOON, time(own, "lastModifiedTime"));
        assertEquals(NOON, time(copied, "lastAccessTime"));
        assertEquals(OLD, time(copied, "lastModifiedTime"));
        assertEquals(OLD, time(root.resolve("w0-1.0.err"), "lastModifiedTime"));
        assertEquals(OLD, time(outside, "lastAccessTime"), "behind a symlink");
    }

    @Test
    void allIsDeletedButWhatSymlinksLeadTo() throws Exception {
        FileTree.delete(root);
        assertFalse(Files.exists(root));
        assertTrue(Files.exists(outside));
        FileTree.delete(root); // it is gone, which is what was wanted
    }
}
