package dev.relais.files;

import dev.relais.http.ByteRange;
import dev.relais.http.Compressor;
import dev.relais.http.ResponseWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.vertx.core.AsyncResult;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends a part of a file through memory, one piece at a time: the next is read on a thread of the {@link Offload} once the client
 * has taken the last. Confined to the request's event loop.
 */
final class FileCopy {
    private static final int PIECE = 64 * 1024;
    private static final int LEAST_PIECE = 4 * 1024; // when the memory for answers is used up

    private final OpenFile file;
    private final long end;
    private final @Nullable Compressor compressor;
    private final ResponseWriter writer;
    private final Offload offload;
    private final EventLoop loop;
    private final Consumer<@Nullable Throwable> listener;
    private long position;
    private int length; // of the piece that is under way

    /**
     * @param compressor null, as always for bytes in memory, to send the bytes as they are
     * @param listener called once, with null when everything is written, otherwise with the failure
     */
    FileCopy(
            OpenFile file,
            ByteRange bytes,
            @Nullable Compressor compressor,
            ResponseWriter writer,
            Offload offload,
            EventLoop loop,
            Consumer<@Nullable Throwable> listener) {
        this.file = file;
        this.position = bytes.first();
        this.end = bytes.first() + bytes.length();
        this.compressor = compressor;
        this.writer = writer;
        this.offload = offload;
        this.loop = loop;
        this.listener = listener;
    }

    void begin() {
        length = (int) Math.min(writer.isMemoryUsedUp() ? LEAST_PIECE : PIECE, end - position);
        int read = length;
        FileBytes memory = file.bytes();
        if (memory != null) {
            onRead(memory.part(position, read), null);
            return;
        }
        boolean last = position + read == end;
        offload.read(() -> coded(file.read(position, read), last), loop, this::onRead);
    }

    /** Compresses a piece on a thread for files, so that compressing delays no other request. Blocks. */
    private ByteBuf coded(byte[] piece, boolean last) {
        ByteBuf bytes = Unpooled.wrappedBuffer(piece);
        if (compressor == null) {
            return bytes;
        }
        return last ? compressor.finish(bytes) : compressor.compress(bytes);
    }

    private void onRead(ByteBuf piece, @Nullable Throwable failure) {
        if (failure != null) {
            finish(failure);
            return;
        }
        position += writer.wanted(length);
        try {
            writer.write(piece, this::onWritten);
        } catch (RuntimeException e) {
            finish(e); // otherwise the file would never be closed
        }
    }

    /**
     * The piece has been written. The next one is read only now, so that a slow client makes the gateway hold one piece and not
     * the whole file.
     */
    private void onWritten(AsyncResult<Void> result) {
        if (result.failed() || position == end) {
            finish(result.cause());
        } else {
            begin();
        }
    }

    private void finish(Throwable failure) {
        file.close();
        if (compressor != null) {
            compressor.close();
        }
        listener.accept(failure);
    }
}
