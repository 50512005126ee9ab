package dev.relais.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Compresses one body piece by piece, so that each piece can be sent at once. Confined to the request's event loop. */
public final class Compressor {
    private final OutputStream coder;
    private ByteBuf out = VertxConnection.heapBuffer(256);

    public Compressor(ContentCoding coding) {
        try {
            coder = coding.open(new OutputStream() {
                @Override
                public void write(int b) {
                    out.writeByte(b);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) {
                    out.writeBytes(bytes, offset, length);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it writes into memory, which does not fail
        }
    }

    /**
     * Compresses a piece so that the client can decode all of it without what follows.
     *
     * @param piece is released
     */
    public ByteBuf compress(ByteBuf piece) {
        try {
            write(piece);
            coder.flush();
            return take();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param piece the last one, which is released; null when there is none */
    public ByteBuf finish(@Nullable ByteBuf piece) {
        try {
            if (piece != null) {
                write(piece);
            }
            coder.close();
            return take();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Releases the native memory, even if the body is not complete. Idempotent. */
    public void close() {
        try {
            coder.close();
            out.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(ByteBuf piece) throws IOException {
        try {
            piece.readBytes(coder, piece.readableBytes());
        } finally {
            piece.release();
        }
    }

    private ByteBuf take() {
        ByteBuf taken = out;
        out = VertxConnection.heapBuffer(256);
        return taken;
    }
}
