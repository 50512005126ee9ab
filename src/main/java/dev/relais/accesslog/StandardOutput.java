package dev.relais.accesslog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** Writes lines to standard output, so few bytes at a time that the kernel mixes them with nothing else in a pipe (PIPE_BUF, pipe(7)). */
final class StandardOutput extends ChannelSink {
    private static final int PIPE_BUF = 4096;

    private final FileChannel channel = new FileOutputStream(FileDescriptor.out).getChannel();

    StandardOutput(Losses losses) {
        super(PIPE_BUF, losses);
    }

    @Override
    WritableByteChannel channel() {
        return channel;
    }

    @Override
    public void open() {}

    @Override
    public void close() {
        flush();
    }
}
