package dev.relais.accesslog;

import dev.relais.telemetry.AccessLogMeters.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Writes lines to a channel, many at a time. When a line was written in part, the next one begins on a new line. */
abstract class ChannelSink implements Sink {
    private final ByteBuffer buffer;
    private final Losses losses;
    private boolean torn;

    /** @param most how many bytes are written at a time */
    ChannelSink(int most, Losses losses) {
        this.buffer = ByteBuffer.allocateDirect(most);
        this.losses = losses;
    }

    /** @throws IOException when there is none */
    abstract WritableByteChannel channel() throws IOException;

    /** So many bytes were written, at the end of a line. */
    void written(int bytes) {}

    @Override
    public final void add(Line line) {
        if (line.size() > buffer.remaining()) {
            flush();
        }
        if (line.size() > buffer.capacity()) {
            send(line.buffer());
        } else {
            line.copyTo(buffer);
        }
    }

    @Override
    public final void flush() {
        if (buffer.position() > 0) {
            buffer.flip();
            send(buffer);
            buffer.clear();
        }
    }

    private void send(ByteBuffer bytes) {
        int size = bytes.remaining();
        try {
            if (torn) {
                write(ByteBuffer.wrap(new byte[] {'\n'}));
                torn = false;
            }
            write(bytes);
            written(size);
        } catch (IOException e) {
            torn |= bytes.position() > 0 && bytes.get(bytes.position() - 1) != '\n';
            losses.lost(Reason.WRITE, lines(bytes), String.valueOf(e.getMessage()));
        }
    }

    /** Writes all of them. */
    void write(ByteBuffer bytes) throws IOException {
        WritableByteChannel channel = channel();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** How many lines end in what is left. */
    private static int lines(ByteBuffer left) {
        int lines = 0;
        for (int i = left.position(); i < left.limit(); i++) {
            lines += left.get(i) == '\n' ? 1 : 0;
        }
        return lines;
    }
}
