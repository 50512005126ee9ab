package dev.relais.files;

import dev.relais.http.HttpDate;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A file that is to be sent: open, or with its bytes in memory. A file that takes its place by rename does not change it. It is opened by
 * {@link FileOpener}, and read on a thread of the {@link Offload}.
 */
final class OpenFile {
    private final @Nullable Descriptor descriptor; // null when the bytes are in memory
    private final @Nullable FileBytes bytes; // null when it is open
    private final String name;
    private final long size;
    private final Stamp stamp;
    private final Object key;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * What a file's answers say of its age.
     *
     * @param modified in seconds since 1970, as the Last-Modified field counts
     * @param lastModified that field
     * @param etag the entity tag as nginx makes it, of the time and the size in hexadecimal
     */
    record Stamp(long modified, String lastModified, String etag) {
        static Stamp of(long modified, long size) {
            String etag = '"' + Long.toHexString(modified) + '-' + Long.toHexString(size) + '"';
            return new Stamp(modified, HttpDate.of(modified), etag);
        }
    }

    private OpenFile(
            @Nullable Descriptor descriptor,
            @Nullable FileBytes bytes,
            String name,
            long size,
            Stamp stamp,
            Object key) {
        this.descriptor = descriptor;
        this.bytes = bytes;
        this.name = name;
        this.size = size;
        this.stamp = stamp;
        this.key = key;
    }

    /**
     * One that is open.
     *
     * @param name the last segment of the path by which it was asked for
     * @param size in bytes, when it was opened
     * @param modified in seconds since 1970
     * @param key device and inode
     */
    OpenFile(FileChannel channel, String name, long size, long modified, Object key) {
        this(new Descriptor(channel), null, name, size, Stamp.of(modified, size), key);
    }

    String name() {
        return name;
    }

    /** The bytes of the file itself, also where there is another coding of it in memory. */
    long size() {
        return size;
    }

    Stamp stamp() {
        return stamp;
    }

    Object key() {
        return key;
    }

    /** The whole file, perhaps in another coding; null when it is open. */
    @Nullable
    FileBytes bytes() {
        return bytes;
    }

    /** How many bytes there are to be sent. */
    long length() {
        return bytes == null ? size : bytes.length();
    }

    /** The channel of one that is open. */
    FileChannel opened() {
        return Objects.requireNonNull(descriptor).channel();
    }

    /** Whether an open one is as long as it was when it was opened. Blocks. */
    boolean isWhole() throws IOException {
        return opened().size() == size;
    }

    /** The same for another user, who closes it; null when it is closed. */
    @Nullable
    OpenFile shared() {
        return descriptor == null
                ? this
                : descriptor.take() ? new OpenFile(descriptor, null, name, size, stamp, key) : null;
    }

    /** The same file with these bytes in memory. The caller closes this one. */
    OpenFile inMemory(FileBytes whole) {
        return new OpenFile(null, whole, name, size, stamp, key);
    }

    /** The same with the bytes of this file in memory; this one is closed. Blocks. */
    OpenFile read() throws IOException {
        try {
            return inMemory(new FileBytes(Unpooled.wrappedBuffer(read(0, (int) size))));
        } finally {
            close();
        }
    }

    /**
     * The next bytes of an open one from a position. Blocks.
     *
     * @throws FileCut when there are fewer
     */
    byte[] read(long position, int length) throws IOException {
        ByteBuffer read = ByteBuffer.allocate(length);
        while (read.hasRemaining()) {
            if (opened().read(read, position + read.position()) < 0) {
                throw new FileCut(name);
            }
        }
        return read.array();
    }

    /** @param file null does nothing */
    static void close(@Nullable OpenFile file) {
        if (file != null) {
            file.close();
        }
    }

    /** Closes the file, unless others use it, too. Idempotent. */
    void close() {
        if (descriptor != null && closed.compareAndSet(false, true)) {
            descriptor.giveBack();
        }
    }
}
