package dev.relais.cache;

import dev.relais.http.KeptBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The body of a stored answer, as it came and in the codings in which clients wanted it. The collector takes it back, so that it may
 * be written to any number of connections and be evicted meanwhile. A large body lies outside of the heap, or in a
 * file that is mapped into memory. Any thread; the bytes never change.
 */
public final class Content implements KeptBody {
    /** More codings than Relais has. */
    private static final int MOST_CODINGS = 8;

    private final ByteBuf plain;
    private final OutsideHeap memory;
    private final AtomicReferenceArray<ByteBuf> coded;

    private Content(ByteBuf plain, OutsideHeap memory, AtomicReferenceArray<ByteBuf> coded) {
        this.plain = plain;
        this.memory = memory;
        this.coded = coded;
    }

    /** No constant: an executable must not hold buffers of Netty from its build. */
    static Content empty() {
        return of(ByteBuffer.allocate(0), new OutsideHeap(null, 0));
    }

    /** @param bytes which never change */
    static Content of(ByteBuffer bytes, OutsideHeap memory) {
        return new Content(Unpooled.wrappedBuffer(bytes), memory, new AtomicReferenceArray<>(MOST_CODINGS));
    }

    /** @param pieces in their order, of this length in all */
    static Content of(List<byte[]> pieces, int length, OutsideHeap memory) {
        if (length == 0) {
            return empty();
        }
        ByteBuffer target = memory.buffer(length);
        for (byte[] piece : pieces) {
            target.put(piece);
        }
        target.flip();
        return of(target, memory);
    }

    /** The same bytes, as they lie in a file, and in the same codings. */
    Content in(ByteBuffer mapped) {
        return new Content(Unpooled.wrappedBuffer(mapped), memory, coded);
    }

    @Override
    public int length() {
        return plain.readableBytes();
    }

    @Override
    public ByteBuf plain() {
        return Unpooled.unreleasableBuffer(plain.duplicate());
    }

    /** A part of the bytes, likewise. */
    public ByteBuf part(long first, long length) {
        return Unpooled.unreleasableBuffer(plain.slice(plain.readerIndex() + (int) first, (int) length));
    }

    @Override
    public @Nullable ByteBuf coded(int coding) {
        ByteBuf kept = coded.get(coding);
        return kept == null ? null : Unpooled.unreleasableBuffer(kept.duplicate());
    }

    @Override
    public void keep(int coding, ByteBuf bytes) {
        ByteBuffer target = memory.buffer(bytes.readableBytes());
        bytes.getBytes(bytes.readerIndex(), target);
        target.flip();
        coded.compareAndSet(coding, null, Unpooled.wrappedBuffer(target));
    }

    /** The memory that it takes, in bytes. */
    public long weight() {
        long weight = plain.capacity();
        for (int i = 0; i < MOST_CODINGS; i++) {
            ByteBuf kept = coded.get(i);
            weight += kept == null ? 0 : kept.capacity();
        }
        return weight;
    }
}
