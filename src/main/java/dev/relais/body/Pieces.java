package dev.relais.body;

import dev.relais.fastcgi.Stdin;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a body in memory, in the pieces in which they came: a large piece is kept as it is, small ones are put together, because
 * each piece costs more than its bytes, and so is what would keep much more memory than its own bytes: a small part of what TLS has
 * decrypted. All of it is memory of the heap that the collector takes back. One thread at a time.
 */
final class Pieces {
    /** What is smaller is copied. */
    private static final int LEAST_KEPT = 4 << 10;
    /** Into pieces of this size. */
    private static final int TOGETHER = 8 << 10;

    private final List<ByteBuf> pieces = new ArrayList<>(4);
    private int readable;
    private int capacity;

    /** @param bytes that nobody else changes or uses */
    void add(ByteBuf bytes) {
        int length = bytes.readableBytes();
        readable += length;
        if (length >= LEAST_KEPT && keepsLittleElse(bytes)) {
            pieces.add(bytes);
            capacity += bytes.array().length;
            return;
        }
        ByteBuf last = pieces.isEmpty() ? Unpooled.EMPTY_BUFFER : pieces.get(pieces.size() - 1);
        last.writeBytes(bytes, Math.min(length, roomIn(last)));
        if (bytes.isReadable()) {
            // The first one holds a small body whole, without more memory than that needs.
            int size = pieces.isEmpty() ? bytes.readableBytes() : Math.max(TOGETHER, bytes.readableBytes());
            ByteBuf next = Unpooled.buffer(size);
            pieces.add(next.writeBytes(bytes));
            capacity += next.capacity();
        }
    }

    /** A slice's array stays reachable as a whole, of which a client could make use. */
    private static boolean keepsLittleElse(ByteBuf bytes) {
        return bytes.hasArray() && bytes.array().length - bytes.readableBytes() < LEAST_KEPT;
    }

    private static int roomIn(ByteBuf piece) {
        return piece.capacity() - piece.writerIndex();
    }

    int readable() {
        return readable;
    }

    /** The memory that is taken, in bytes. */
    int capacity() {
        return capacity;
    }

    /** The first bytes, so many at most, as Latin-1. */
    String start(int most) {
        StringBuilder text = new StringBuilder(Math.min(most, readable));
        for (ByteBuf piece : pieces) {
            int length = Math.min(most - text.length(), piece.readableBytes());
            text.append(piece.toString(piece.readerIndex(), length, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    /** All bytes, for a write that gathers them. */
    ByteBuffer[] buffers() {
        ByteBuffer[] buffers = new ByteBuffer[pieces.size()];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = pieces.get(i).nioBuffer();
        }
        return buffers;
    }

    /** A body of these bytes, which can be asked for more than once. */
    Stdin stdin() {
        return new Reading(this);
    }

    private static final class Reading implements Stdin {
        private final Pieces of;
        private int piece;
        private int offset; // in it

        Reading(Pieces of) {
            this.of = of;
        }

        @Override
        public long length() {
            return of.readable;
        }

        @Override
        public Object next(int length) {
            ByteBuf first = slice(length);
            if (first.readableBytes() == length) {
                return first;
            }
            List<ByteBuf> slices = new ArrayList<>();
            slices.add(first);
            for (int left = length - first.readableBytes(); left > 0; ) {
                ByteBuf more = slice(left);
                slices.add(more);
                left -= more.readableBytes();
            }
            return Unpooled.wrappedBuffer(slices.size(), slices.toArray(new ByteBuf[0]));
        }

        /** What comes next, at most so many bytes. */
        private ByteBuf slice(int most) {
            ByteBuf from = of.pieces.get(piece);
            int length = Math.min(most, from.readableBytes() - offset);
            ByteBuf slice = from.retainedSlice(from.readerIndex() + offset, length);
            offset += length;
            if (offset == from.readableBytes()) {
                piece++;
                offset = 0;
            }
            return slice;
        }
    }
}
