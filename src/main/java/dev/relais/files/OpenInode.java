package dev.relais.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What an open file is, whatever is at its path meanwhile: fstat(2), which Java does not have. The kernel shows the position of each
 * open file of this process, so the file is told from the others by a position that no other one has. It takes a look at every open
 * file, so it is for the few of which their path does not tell it. Any thread.
 */
final class OpenInode {
    private static final Path INFO = Path.of("/proc/self/fdinfo");
    private static final Path OPEN = Path.of("/proc/self/fd");

    /** Bytes: further than what this process reads and writes by position, and possible on every file system. */
    private static final long FIRST = 1L << 31;

    private static final AtomicLong MARKS = new AtomicLong();

    private OpenInode() {}

    /**
     * Blocks. The channel's position is another one afterwards.
     *
     * @throws FileUnavailable when /proc does not show it
     */
    static PosixFileAttributes of(FileChannel channel) throws IOException {
        long mark = FIRST + MARKS.getAndIncrement() % FIRST;
        channel.position(mark);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(INFO)) {
            for (Path one : all) {
                if (isAt(one, mark)) {
                    return Files.readAttributes(OPEN.resolve(one.getFileName()), PosixFileAttributes.class);
                }
            }
        }
        throw new FileUnavailable(INFO + " does not show the file");
    }

    /** Whether the open file of this entry is at this position. */
    private static boolean isAt(Path info, long mark) {
        try {
            return Files.readString(info).startsWith("pos:\t" + mark + "\n");
        } catch (IOException e) {
            return false; // it was closed meanwhile, so it is another one
        }
    }
}
