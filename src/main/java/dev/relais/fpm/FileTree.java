package dev.relais.fpm;

import dev.relais.LogText;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.jboss.logging.Logger;

/** Goes through all that is in a run directory, without following symlinks and though something of it vanishes meanwhile. Blocks. */
final class FileTree {
    private static final Logger LOG = Logger.getLogger(FileTree.class);

    private FileTree() {}

    /**
     * Makes everything in a run directory look recently used to a cleaner of old files, which considers the times of the last
     * access, modification and change (tmpfiles.d(5), tmpreaper(8)). Files in folders keep their modification time, by which
     * opcache sees changes. Blocks.
     */
    static void touch(Path root, Instant now) {
        FileTime time = FileTime.from(now);
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return visitFile(directory, attributes);
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    boolean ours = file.equals(root) || root.equals(file.getParent());
                    if (file.toString().endsWith(ErrorFunction.FILE_END)) {
                        return FileVisitResult
                                .CONTINUE; // opening a FIFO may wait for ever; what is in use is written to
                    }
                    try {
                        Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                                .setTimes(ours ? time : null, time, null);
                    } catch (IOException e) {
                        notTouched(file, e);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE; // it has vanished, which mend() notices
                }
            });
        } catch (IOException e) {
            notTouched(root, e);
        }
    }

    private static void notTouched(Path file, IOException cause) {
        LOG.debugf("File keeps its times: file=%s cause=%s", LogText.value(file), LogText.value(cause));
    }

    /** Deletes a tree without following symlinks. A file may vanish meanwhile, because the guard deletes too. */
    static void delete(Path root) throws IOException {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            // It has already been deleted.
        }
    }
}
