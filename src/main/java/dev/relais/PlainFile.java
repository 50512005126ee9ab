package dev.relais;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens a file that another program may replace by a named pipe at any time, even after its type was checked. Opening a pipe
 * waits for its other end, and Java can neither open without waiting (O_NONBLOCK) nor interrupt an open. So a separate thread
 * opens the file, and is abandoned when that takes longer than {@value #SECONDS} s. Any thread.
 */
public final class PlainFile {
    private static final long SECONDS = 1;

    private PlainFile() {}

    /**
     * Opens a file. Blocks for a second at most.
     *
     * @throws IOException when it cannot be opened, has not been opened by then, or is a pipe or the like
     */
    public static FileChannel open(Path file) throws IOException {
        return openAs(file, Set.of(StandardOpenOption.READ));
    }

    /** Opens a file like {@link #open}, but none by a symbolic link of this name. */
    public static FileChannel openNoLink(Path file) throws IOException {
        return openAs(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    private static FileChannel openAs(Path file, Set<OpenOption> how) throws IOException {
        FutureTask<FileChannel> task = new FutureTask<>(() -> FileChannel.open(file, how));
        Thread thread = new Thread(task, "relais-open");
        thread.setDaemon(true);
        thread.start();
        FileChannel channel = opened(task);
        try {
            channel.position(0); // lseek(2), which a pipe, a socket and a terminal refuse
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new IOException("it is no plain file", e);
        }
    }

    /** Opens a file like {@link #open} and reads it, but at most {@code most} bytes. */
    public static byte[] read(Path file, int most) throws IOException {
        try (InputStream stream = Channels.newInputStream(open(file))) {
            return stream.readNBytes(most);
        }
    }

    private static FileChannel opened(FutureTask<FileChannel> task) throws IOException {
        try {
            return task.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("it was not opened within " + SECONDS + " s");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while opening");
        }
    }
}
