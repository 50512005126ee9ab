package dev.relais.accesslog;

import dev.relais.output.StandardOutput;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Writes lines to standard output, so few bytes at a time that the kernel mixes them in a pipe with nothing of another process (PIPE_BUF,
 * pipe(7)), and in turns with the gateway's log.
 */
final class StandardOutputSink extends ChannelSink {
    private static final int PIPE_BUF = 4096;

    private final FileChannel channel = new FileOutputStream(FileDescriptor.out).getChannel();

    StandardOutputSink(Losses losses) {
        super(PIPE_BUF, losses);
    }

    @Override
    WritableByteChannel channel() {
        return channel;
    }

    @Override
    void write(ByteBuffer bytes) throws IOException {
        synchronized (StandardOutput.LOCK) {
            super.write(bytes);
        }
    }

    @Override
    public void open() {}

    @Override
    public void close() {
        flush();
    }
}
