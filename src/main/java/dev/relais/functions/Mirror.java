package dev.relais.functions;

import dev.relais.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the functions directory that the PHP user can read, and that is kept equal to the directory. It is meant for
 * development, since every update walks the whole directory. Everything but {@code .git} is copied, because PHP code includes
 * files from {@code vendor}. Files get mode 0644 and folders 0755. A symlink is not copied; what it leads to is copied in its
 * place. Confined to the watch thread.
 */
final class Mirror {
    private static final int MOST_ENTRIES = 200_000;
    private static final int DEEPEST = 64;
    private static final int PIECE = 8 << 10;
    /** The scan ignores names that begin with a dot, so a half-written copy is never a function. */
    private static final String TEMPORARY = ".relais-mirror.tmp";

    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwxr-xr-x");

    /**
     * The stamp of a file when it was copied, and whether the file was then so new that a later change might leave the stamp
     * equal.
     */
    private record Copied(Stamp stamp, boolean racy) {}

    private final Path source;
    private final Path target;
    private final List<Path> allowed;
    private final Clock clock;
    /** What was copied, by path in the mirror; the value of a folder is null. */
    private final Map<Path, @Nullable Copied> copies = new HashMap<>();

    private final Set<Path> present = new HashSet<>();
    private final Set<Path> ancestors = new HashSet<>();

    @SuppressWarnings("NullAway.Init") // by update, before anything is copied
    private Warnings warnings;

    @SuppressWarnings("NullAway.Init") // as warnings
    private LinkRule rule;

    private boolean changed;

    /**
     * @param target the directory of the copy, which is created if it is missing and emptied if it is not
     * @throws IllegalArgumentException when one of the two directories lies in the other
     */
    Mirror(Path source, Path target, List<Path> allowed, Clock clock) throws IOException {
        Files.createDirectories(target);
        this.source = source;
        this.target = target.toRealPath();
        this.allowed = allowed;
        this.clock = clock;
        Path from = source.toRealPath();
        if (from.startsWith(this.target) || this.target.startsWith(from)) {
            throw new IllegalArgumentException("the mirror " + target + " and its source " + source + " overlap");
        }
        clear(this.target);
        Files.setPosixFilePermissions(this.target, FOLDER);
    }

    /** The mirror's real path. */
    Path target() {
        return target;
    }

    /**
     * Copies what is new or different and removes what is gone.
     *
     * @param into receives a warning for each symlink and file that had to be left out
     * @return whether anything was different
     * @throws IOException when the update failed half way; nothing is removed then, and the next update does the rest
     */
    boolean update(Warnings into) throws IOException {
        warnings = into;
        changed = false;
        present.clear();
        ancestors.clear();
        Path root = source.toRealPath();
        if (!Files.isDirectory(target)) { // it was removed with the run directory, which exists again
            Files.createDirectories(target);
            Files.setPosixFilePermissions(target, FOLDER);
            copies.clear();
        }
        rule = new LinkRule(root, allowed, new Traces(clock.instant()), into);
        walk(root, target);
        removeAbsent();
        return changed;
    }

    private void walk(Path from, Path to) throws IOException {
        List<Path> entries = DirectoryScan.list(from);
        ancestors.add(from);
        for (Path entry : entries) {
            if (entry.getFileName().toString().equals(".git")) {
                continue;
            }
            try {
                mirror(entry, to.resolve(entry.getFileName()));
            } catch (AccessDeniedException e) {
                warnings.add("mirror:", entry, "left out, this user may not read it");
            } catch (NoSuchFileException e) {
                if (!Files.exists(from)) {
                    throw new IOException(from + " was removed or replaced during the copy");
                }
                // The file was removed after the folder was listed, as editors do with temporary files.
            }
        }
        ancestors.remove(from);
    }

    private void mirror(Path entry, Path to) throws IOException {
        Path real = entry;
        if (Files.isSymbolicLink(entry)) {
            real = target(entry);
            if (real == null) {
                return;
            }
        }
        BasicFileAttributes attributes =
                Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isDirectory() && !attributes.isRegularFile()) {
            return;
        }
        if (present.size() >= MOST_ENTRIES) {
            throw new IOException("more than " + MOST_ENTRIES + " files to mirror; let the PHP user read " + source);
        }
        if (attributes.isRegularFile()) {
            file(real, attributes, to);
        } else if (ancestors.contains(real)) {
            warnings.add("mirror:", entry, "left out, this symlink leads back to a folder it is in");
        } else if (ancestors.size() > DEEPEST) {
            warnings.add("mirror:", entry, "left out, deeper than " + DEEPEST + " folders");
        } else {
            folder(to);
            walk(real, to);
        }
    }

    private @Nullable Path target(Path link) throws IOException {
        Path real;
        try {
            real = link.toRealPath();
        } catch (NoSuchFileException e) {
            return null; // it leads nowhere, as editors' lock files do
        }
        if (!rule.admits(real)) {
            warnings.add(
                    "mirror:",
                    link,
                    "left out, this symlink leads out of the functions directory to " + FunctionNames.printable(real)
                            + " (relais.functions.allow-symlinks-to would allow it)");
            return null;
        }
        return real;
    }

    private void folder(Path to) throws IOException {
        present.add(to);
        if (copies.containsKey(to) && copies.get(to) == null && Files.isDirectory(to)) {
            return;
        }
        clear(to);
        Files.deleteIfExists(to);
        Files.createDirectory(to);
        Files.setPosixFilePermissions(to, FOLDER); // not at the creation, where the umask takes some away
        copies.put(to, null);
        changed = true;
    }

    private void file(Path from, BasicFileAttributes attributes, Path to) throws IOException {
        present.add(to);
        Stamp stamp = Stamp.of(attributes);
        Copied known = copies.get(to);
        Instant now = clock.instant();
        // A cleaner of old files, such as systemd-tmpfiles, may have removed the copy.
        boolean same = false;
        if (known != null && known.stamp().equals(stamp) && Files.exists(to)) {
            if (!known.racy()) {
                return;
            }
            same = true;
        }
        if (!same || !isEqual(from, to)) {
            copy(from, stamp.modified(), to, known);
            changed = true;
        }
        copies.put(to, new Copied(stamp, stamp.racy(now)));
    }

    /** Opens the file, unless a named pipe has taken its place since it was looked at. */
    private static InputStream open(Path file) throws IOException {
        return Channels.newInputStream(PlainFile.open(file));
    }

    private static boolean isEqual(Path from, Path to) throws IOException {
        try (InputStream one = open(from);
                InputStream other = Files.newInputStream(to)) {
            while (true) {
                byte[] expected = one.readNBytes(PIECE);
                if (!Arrays.equals(expected, other.readNBytes(PIECE))) {
                    return false;
                }
                if (expected.length < PIECE) {
                    return true;
                }
            }
        }
    }

    private void copy(Path from, FileTime modified, Path to, @Nullable Copied known) throws IOException {
        Path temporary = to.resolveSibling(TEMPORARY);
        try (InputStream content = open(from)) {
            Files.copy(content, temporary, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setPosixFilePermissions(temporary, FILE);
        // opcache compares whole seconds and takes one path with one time for the same script for ever. It would never
        // see a release whose files have the same times as those before, as in an unpacked image. Such a copy keeps the
        // time at which it was made.
        boolean distinguishable = known == null
                || !Files.exists(to)
                || Files.getLastModifiedTime(to).toMillis() / 1000 != modified.toMillis() / 1000;
        if (distinguishable) {
            Files.setLastModifiedTime(temporary, modified);
        }
        if (known == null) {
            clear(to); // a folder of the same name may have been here before
            Files.deleteIfExists(to);
        }
        Files.move(temporary, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private void removeAbsent() throws IOException {
        List<Path> gone = new ArrayList<>();
        for (Path copy : copies.keySet()) {
            if (!present.contains(copy)) {
                gone.add(copy);
            }
        }
        gone.sort(Comparator.reverseOrder()); // a folder's content before the folder
        for (Path copy : gone) {
            clear(copy);
            Files.deleteIfExists(copy);
            copies.remove(copy);
            changed = true;
        }
    }

    /** Removes what is inside a folder of the mirror, and forgets it; does nothing when the path is no folder. */
    private void clear(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            copies.remove(folder);
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                copies.remove(file);
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                copies.remove(visited);
                if (!visited.equals(folder)) {
                    Files.delete(visited);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
