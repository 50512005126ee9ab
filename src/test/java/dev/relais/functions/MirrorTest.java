package dev.relais.functions;

import static dev.relais.functions.FunctionFixture.link;
import static dev.relais.functions.FunctionFixture.settle;
import static dev.relais.functions.FunctionFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorTest {
    @TempDir
    Path temporary;

    private Path source;
    private Path target;
    private Warnings warnings;

    @BeforeEach
    void makeDirectories() throws IOException {
        source = Files.createDirectory(temporary.toRealPath().resolve("source"));
        target = temporary.toRealPath().resolve("run/mirror");
    }

    @Test
    void everythingButGitIsCopiedReadable() throws IOException {
        write(source.resolve("hello.php"), "hello");
        write(source.resolve("vendor/autoload.php"), "vendor");
        write(source.resolve("_part/.env"), "part");
        write(source.resolve(".git/config"), "git");
        Files.createDirectory(source.resolve("empty"));
        Files.setPosixFilePermissions(source.resolve("hello.php"), PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(source.resolve("vendor"), PosixFilePermissions.fromString("rwx------"));

        assertTrue(update(mirror()));

        assertEquals(Set.of("_part", "_part/.env", "empty", "hello.php", "vendor", "vendor/autoload.php"), mirrored());
        assertEquals("rw-r--r--", mode("hello.php"));
        assertEquals("rwxr-xr-x", mode("vendor"));
        assertEquals("rwxr-xr-x", mode(""));
        assertEquals("vendor", text("vendor/autoload.php"));
    }

    @Test
    void anUnchangedSourceChangesNothing() throws IOException {
        write(source.resolve("a/b.php"), "b");
        Mirror mirror = mirror();
        update(mirror);

        assertFalse(update(mirror));
    }

    @Test
    void whatWasInTheTargetBeforeGoesAway() throws IOException {
        write(target.resolve("old/left.php"), "old");
        write(source.resolve("new.php"), "new");
        update(mirror());

        assertEquals(Set.of("new.php"), mirrored());
    }

    @Test
    void changesAndRemovalsAreMirroredAndKeepTheTime() throws IOException {
        Path changed = write(source.resolve("a/changed.php"), "one");
        write(source.resolve("gone/x.php"), "x");
        settle(changed);
        Mirror mirror = mirror();
        update(mirror);
        FileTime time = FileTime.from(Instant.parse("2021-01-01T00:00:00Z"));
        Files.setLastModifiedTime(write(changed, "two"), time);
        Files.delete(source.resolve("gone/x.php"));
        Files.delete(source.resolve("gone"));

        assertTrue(update(mirror));

        assertEquals(Set.of("a", "a/changed.php"), mirrored());
        assertEquals("two", text("a/changed.php"));
        assertEquals(time, Files.getLastModifiedTime(target.resolve("a/changed.php")));
    }

    /** A cleaner of old files may remove single files or the whole run directory. */
    @Test
    void whatIsRemovedFromTheMirrorIsCopiedAgain() throws IOException {
        Files.createDirectory(source.resolve("sub"));
        Files.writeString(source.resolve("a.php"), "a");
        Files.writeString(source.resolve("sub/b.php"), "b");
        Mirror mirror = mirror();
        update(mirror);
        Set<String> all = mirrored();
        Files.delete(target.resolve("a.php"));
        assertTrue(update(mirror));
        assertEquals(all, mirrored());
        Files.delete(target.resolve("sub/b.php"));
        Files.delete(target.resolve("sub"));
        assertTrue(update(mirror));
        assertEquals(all, mirrored());
        Files.delete(target.resolve("a.php"));
        Files.delete(target.resolve("sub/b.php"));
        Files.delete(target.resolve("sub"));
        Files.delete(target);
        Files.delete(target.getParent());
        assertTrue(update(mirror));
        assertEquals(all, mirrored());
    }

    @Test
    void aFileThatBecomesAFolderAndBackIsMirrored() throws IOException {
        write(source.resolve("x"), "file");
        Mirror mirror = mirror();
        update(mirror);
        Files.delete(source.resolve("x"));
        write(source.resolve("x/y.php"), "y");
        update(mirror);
        assertEquals(Set.of("x", "x/y.php"), mirrored());
        Files.delete(source.resolve("x/y.php"));
        Files.delete(source.resolve("x"));
        write(source.resolve("x"), "again");
        update(mirror);
        assertEquals(Set.of("x"), mirrored());
        assertEquals("again", text("x"));
    }

    @Test
    void aSecondChangeWithinOneTickOfTheClockIsMirrored() throws IOException {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        FileTime young = FileTime.from(now.minusMillis(100));
        Path file = write(source.resolve("a.php"), "one");
        Files.setLastModifiedTime(file, young);
        warnings = new Warnings();
        Mirror mirror = new Mirror(source, target, List.of(), Clock.fixed(now, ZoneOffset.UTC));
        update(mirror);
        Files.setLastModifiedTime(Files.writeString(file, "two"), young); // same file, size and time

        assertTrue(update(mirror));
        assertEquals("two", text("a.php"));
        assertFalse(update(mirror));
    }

    @Test
    void anotherContentWithTheSameTimeGetsAnotherTimeForOpcache() throws IOException {
        Path seven = write(source.resolve("_7/a.php"), "7");
        Path eight = write(source.resolve("_8/a.php"), "8");
        settle(seven, eight);
        link(source.resolve("current"), "_7");
        Mirror mirror = mirror();
        update(mirror);
        FileTime before = Files.getLastModifiedTime(target.resolve("current/a.php"));
        link(source.resolve("current"), "_8");

        assertTrue(update(mirror));

        assertEquals("8", text("current/a.php"));
        assertNotEquals(before, Files.getLastModifiedTime(target.resolve("current/a.php")));
    }

    @Test
    void symlinksAreCopiedAsWhatTheyLeadTo() throws IOException {
        Path allowed = temporary.toRealPath().resolve("allowed");
        write(allowed.resolve("lib/l.php"), "l");
        write(source.resolve("real.php"), "real");
        link(source.resolve("alias.php"), "real.php");
        link(source.resolve("lib"), allowed.resolve("lib").toString());
        link(source.resolve("loop"), ".");
        link(
                source.resolve("out.php"),
                write(temporary.resolve("secret.php"), "secret").toString());
        link(source.resolve("broken"), "nowhere");
        update(new Mirror(source, target, List.of(allowed), Clock.systemUTC()));

        assertEquals(Set.of("alias.php", "lib", "lib/l.php", "real.php"), mirrored());
        assertFalse(Files.isSymbolicLink(target.resolve("alias.php")));
        assertEquals("real", text("alias.php"));
        assertEquals(2, warnings.lines().size(), warnings.lines().toString());
    }

    @Test
    void aSourceThatVanishesLeavesTheMirrorAsItIs() throws IOException {
        write(source.resolve("a.php"), "a");
        Mirror mirror = mirror();
        update(mirror);
        Files.move(source, temporary.resolve("away"));

        assertThrows(IOException.class, () -> update(mirror));
        assertEquals(Set.of("a.php"), mirrored());
        Files.move(temporary.resolve("away"), source);
        assertFalse(update(mirror));
    }

    @Test
    void aMirrorInsideItsSourceIsRefused() {
        target = source.resolve("mirror");
        assertThrows(IllegalArgumentException.class, this::mirror);
        target = temporary;
        assertThrows(IllegalArgumentException.class, this::mirror);
    }

    private Mirror mirror() throws IOException {
        return new Mirror(source, target, List.of(), Clock.systemUTC());
    }

    private boolean update(Mirror mirror) throws IOException {
        warnings = new Warnings();
        return mirror.update(warnings);
    }

    private Set<String> mirrored() throws IOException {
        try (Stream<Path> paths = Files.walk(target)) {
            Set<String> names = new TreeSet<>();
            paths.filter(path -> !path.equals(target))
                    .forEach(path -> names.add(target.relativize(path).toString()));
            return names;
        }
    }

    private String text(String file) throws IOException {
        return Files.readString(target.resolve(file));
    }

    private String mode(String file) throws IOException {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(target.resolve(file), LinkOption.NOFOLLOW_LINKS));
    }
}
