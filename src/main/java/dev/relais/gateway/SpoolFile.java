package dev.relais.gateway;

import dev.relais.fastcgi.Stdin;
import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * A body that outgrew the memory: a temporary file without a name, so that nothing is left whatever happens to the gateway.
 * Written on worker threads, one call at a time; read by the kernel straight into the child's socket.
 */
final class SpoolFile {
    private static final Logger LOG = Logger.getLogger(SpoolFile.class);

    private final FileChannel file;

    private SpoolFile(FileChannel file) {
        this.file = file;
    }

    /** @param directory empty: the system's temporary one. Blocks. */
    static SpoolFile create(Optional<Path> directory) throws IOException {
        Path path = directory.isPresent()
                ? Files.createTempFile(directory.get(), "relais-body-", null)
                : Files.createTempFile("relais-body-", null);
        try {
            return new SpoolFile(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } finally {
            Files.delete(path);
        }
    }

    /** Appends all readable bytes. Blocks. */
    void append(ByteBuf bytes) throws IOException {
        while (bytes.isReadable()) {
            bytes.readBytes(file, bytes.readableBytes());
        }
    }

    /** A reading from the start. */
    Stdin stdin(long length) {
        return new Stdin() {
            private long position;

            @Override
            public long length() {
                return length;
            }

            @Override
            public Object next(int bytes) {
                SharedRegion region = new SharedRegion(file, position, bytes);
                position += bytes;
                return region;
            }
        };
    }

    /** Gives the space back once nothing reads from it. Idempotent. */
    void close() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.warnf("a spool file cannot be closed: %s", e);
        }
    }

    /** A region that leaves the file open for the next one. */
    private static final class SharedRegion extends DefaultFileRegion {
        SharedRegion(FileChannel file, long position, long count) {
            super(file, position, count);
        }

        @Override
        protected void deallocate() {
            // The file is closed once, after the exchange.
        }
    }
}
