package dev.relais.body;

import dev.relais.fastcgi.Stdin;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.IntConsumer;

/**
 * The child's end of a {@link StreamedBody}. It holds the pieces that have arrived and that the child's socket has not taken.
 * Confined to the child's event loop.
 */
final class BodyPipe implements Stdin {
    private final long length;
    private final IntConsumer taken;
    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>();
    private boolean asked;

    /**
     * @param length of the whole body, in bytes
     * @param taken called with the number of bytes that the child's socket has taken, and before that once with 0, when the
     *     first bytes are wanted; must not call {@link #add}
     */
    BodyPipe(long length, IntConsumer taken) {
        this.length = length;
        this.taken = taken;
    }

    /** @param piece not empty, on the heap; the pipe releases it */
    void add(ByteBuf piece) {
        pieces.add(piece);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public int available() {
        if (!asked) {
            asked = true;
            taken.accept(0);
        }
        ByteBuf first = pieces.peek();
        return first == null ? 0 : first.readableBytes();
    }

    @Override
    public Object next(int bytes) {
        taken.accept(bytes);
        ByteBuf first = pieces.peek();
        return first.readableBytes() == bytes ? pieces.poll() : first.readRetainedSlice(bytes);
    }
}
