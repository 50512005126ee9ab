package dev.relais.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Consumer;

/**
 * Sends a part of a file through memory, one piece at a time: the next is read on one of {@link FileThreads} once the client has taken the
 * last. Confined to the request's event loop.
 */
final class FileCopy {
    private static final int PIECE = 64 * 1024;

    private final OpenFile file;
    private final long end;
    private final Compressor compressor;
    private final HttpServerResponse response;
    private final FileThreads threads;
    private final EventLoop loop;
    private final Consumer<Throwable> listener;
    private long position;

    /**
     * @param compressor null: as it is
     * @param listener told once: null when all is written, else why not
     */
    FileCopy(
            OpenFile file,
            ByteRange bytes,
            Compressor compressor,
            HttpServerResponse response,
            FileThreads threads,
            EventLoop loop,
            Consumer<Throwable> listener) {
        this.file = file;
        this.position = bytes.first();
        this.end = bytes.first() + bytes.length();
        this.compressor = compressor;
        this.response = response;
        this.threads = threads;
        this.loop = loop;
        this.listener = listener;
    }

    void begin() {
        int length = (int) Math.min(PIECE, end - position);
        boolean last = position + length == end;
        threads.read(() -> coded(file.read(position, length), last), loop, this::onRead);
    }

    /** On a thread for files: so compressing holds up no other request either. Blocks. */
    private ByteBuf coded(byte[] piece, boolean last) {
        ByteBuf bytes = Unpooled.wrappedBuffer(piece);
        if (compressor == null) {
            return bytes;
        }
        return last ? compressor.finish(bytes) : compressor.compress(bytes);
    }

    private void onRead(ByteBuf piece, Throwable failure) {
        if (failure != null) {
            finish(failure);
            return;
        }
        position += Math.min(PIECE, end - position);
        // Told when the piece has left this process, so that a slow client holds one piece and not the file.
        response.write(Buffer.buffer(piece)).onComplete(written -> {
            if (written.failed() || position == end) {
                finish(written.cause());
            } else {
                begin();
            }
        });
    }

    private void finish(Throwable failure) {
        file.close();
        if (compressor != null) {
            compressor.close();
        }
        listener.accept(failure);
    }
}
