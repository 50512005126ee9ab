package dev.relais.cache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is to be stored, while it arrives. One event loop writes it; any thread may read what there is so far, and be told
 * when there is more. The bytes are copied once, from what PHP has sent, and once more when they are complete.
 */
public final class Recording {
    /** How it ended. */
    enum End {
        NOT_YET,
        WHOLE,
        BROKEN
    }

    private final Stored head; // without the content
    private final long announced;
    private final long most;
    private byte[][] pieces = new byte[4][];
    private int length;
    private volatile int count; // of the pieces; written after the piece itself, which publishes it
    private volatile End end = End.NOT_YET;
    private volatile @Nullable Stored whole;
    private final Queue<Runnable> readers = new ConcurrentLinkedQueue<>();

    /**
     * @param head the answer without its content
     * @param announced the length of its body; -1 when it is not known
     * @param most the most bytes of a body that may be stored
     */
    Recording(Stored head, long announced, long most) {
        this.head = head;
        this.announced = announced;
        this.most = most;
    }

    /** The answer's head, with all that is known before its body. */
    public Stored head() {
        return head;
    }

    /** The length of the body; -1 when it is not known before its end. */
    public long announced() {
        return announced;
    }

    /**
     * Adds a piece of the body.
     *
     * @return false when the body has become too large to be kept: the recording goes on only while somebody reads it
     */
    boolean add(byte[] piece) {
        int next = count; // only this thread writes it
        if (next == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * next); // readers keep the former array, whose pieces are the same
        }
        pieces[next] = piece;
        length += piece.length;
        count = next + 1;
        return length <= most;
    }

    int length() {
        return length;
    }

    /** Everything has come. */
    void end(Stored complete) {
        whole = complete;
        end = End.WHOLE;
        tell();
    }

    /** Nothing more comes, although something is missing. */
    void breakOff() {
        end = End.BROKEN;
        tell();
    }

    boolean isOver() {
        return end != End.NOT_YET;
    }

    Content content(OutsideHeap memory) {
        List<byte[]> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(pieces[i]);
        }
        return Content.of(all, length, memory);
    }

    /** Tells all readers that there is more. */
    void tell() {
        for (Runnable reader : readers) {
            reader.run();
        }
    }

    /** @param told on the thread that writes, whenever there is more, and once at the end */
    public void follow(Runnable told) {
        readers.add(told);
    }

    public void unfollow(Runnable told) {
        readers.remove(told);
    }

    boolean isFollowed() {
        return !readers.isEmpty();
    }

    /** The piece with this number; null when it has not come yet. Any thread. */
    public byte @Nullable [] piece(int index) {
        return index < count ? pieces[index] : null;
    }

    /** Whether all pieces have come that ever will, and the answer is complete. Any thread. */
    public boolean isWhole(int read) {
        return end == End.WHOLE && read == count;
    }

    public boolean isBroken() {
        return end == End.BROKEN;
    }

    /** The stored answer, once it is complete. */
    public @Nullable Stored whole() {
        return whole;
    }
}
