package dev.relais.files;

import dev.relais.LimitedLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * An open file that is to be sent. A file that takes its place by rename does not change it. It is opened by
 * {@link FileOpener}, and read on a thread of the {@link Offload}.
 *
 * @param name the last segment of the path by which it was asked for
 * @param size in bytes, when it was opened
 * @param modified in seconds since 1970, as the Last-Modified field counts
 */
record OpenFile(FileChannel channel, String name, long size, long modified) {
    private static final LimitedLog LOG = new LimitedLog(OpenFile.class);

    /** The entity tag as nginx makes it, of the time and the size in hexadecimal. */
    public String etag() {
        return '"' + Long.toHexString(modified) + '-' + Long.toHexString(size) + '"';
    }

    /**
     * The next bytes from a position. Blocks.
     *
     * @throws IOException also when there are fewer: the file was cut
     */
    byte[] read(long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new IOException(name + " was cut while it was sent");
            }
        }
        return bytes.array();
    }

    /** @param file null does nothing */
    public static void close(@Nullable OpenFile file) {
        if (file != null) {
            file.close();
        }
    }

    /** Closes the file. Idempotent. */
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("File cannot be closed", "", "File cannot be closed: cause=%s", e);
        }
    }
}
