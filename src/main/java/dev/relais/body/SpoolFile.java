package dev.relais.body;

import dev.relais.fastcgi.Stdin;
import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultFileRegion;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One body's file in the {@link Spool}. It is written and read on worker threads, one call at a time. The file of a request's
 * body is also read by the kernel, straight into the child's socket.
 */
final class SpoolFile {
    private final Spool spool;
    /**
     * Counts the owner and each region that the kernel has still to send. The file stays open until all are done, because the
     * descriptor of a closed file may at once be given to another file.
     */
    private final AtomicInteger users = new AtomicInteger(1);

    private @Nullable FileChannel file; // null until something is written
    private long size;

    SpoolFile(Spool spool) {
        this.spool = spool;
    }

    /**
     * Writes all these bytes. Blocks.
     *
     * @throws Spool.Full when the spool has no space for them, or its disk has none
     */
    void write(Pieces pieces, long position) throws Spool.Full {
        write(pieces.buffers(), pieces.readable(), position);
    }

    /**
     * Writes all readable bytes of a buffer, which is not changed. Blocks.
     *
     * @throws Spool.Full when the spool has no space for them, or its disk has none
     */
    void write(ByteBuf bytes, long position) throws Spool.Full {
        write(bytes.nioBuffers(), bytes.readableBytes(), position);
    }

    private void write(ByteBuffer[] bytes, int length, long position) throws Spool.Full {
        try {
            store(bytes, length, position);
        } catch (Spool.Full e) {
            throw e;
        } catch (IOException e) {
            throw spool.failed(e);
        }
    }

    private void store(ByteBuffer[] bytes, int length, long position) throws IOException {
        FileChannel to = file;
        if (to == null) {
            to = spool.open();
            file = to;
        }
        long growth = position + length - size;
        if (growth > 0) {
            spool.take(growth);
            size += growth;
        }
        to.position(position);
        for (long left = length; left > 0; ) {
            left -= to.write(bytes);
        }
    }

    /** Reads so many bytes. Blocks. */
    void read(ByteBuf into, long position, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int read = into.writeBytes(file, position + done, length - done);
            if (read < 0) {
                throw new EOFException("a spool file is too short");
            }
            done += read;
        }
    }

    /** A body of the first {@code length} bytes, which the kernel reads. */
    Stdin stdin(long length) {
        return new Stdin() {
            private long position;

            @Override
            public long length() {
                return length;
            }

            @Override
            public Object next(int bytes) {
                users.incrementAndGet();
                Region region = new Region(file, position, bytes);
                position += bytes;
                return region;
            }
        };
    }

    /** The owner no longer needs the file. It is closed and its space is given back once nothing reads from it. */
    void close() {
        if (users.decrementAndGet() > 0 || file == null) {
            return;
        }
        spool.close(file, size);
    }

    /** A region that leaves the file open for the next one. */
    private final class Region extends DefaultFileRegion {
        Region(@Nullable FileChannel file, long position, long count) {
            super(file, position, count);
        }

        @Override
        protected void deallocate() {
            close();
        }
    }
}
