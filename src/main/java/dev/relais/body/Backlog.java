package dev.relais.body;

import dev.relais.LimitedLog;
import dev.relais.http.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer that PHP has sent and the client has not taken. The oldest bytes are in memory ({@code front}), those
 * after them are in a spool file, and the youngest are in memory again ({@code back}). It takes whatever is added, and
 * {@link #isFull} says when it holds as much as it should.
 *
 * <p>Confined to the request's event loop; the file is written and read on worker threads, one call at a time.
 */
final class Backlog {
    private static final LimitedLog LOG = new LimitedLog(Backlog.class);

    private final Spool spool;
    private final EventLoop loop;
    private final int memory;
    private final MemoryBudget budget;
    private final Consumer<@Nullable Throwable> onChange;

    private long limit;
    private ByteBuf front = Unpooled.EMPTY_BUFFER; // the oldest bytes
    private @Nullable SpoolFile file; // null until it is needed
    private long read; // the file's bytes before this position were taken
    private long written; // the file holds bytes up to this position
    private ByteBuf back = Unpooled.EMPTY_BUFFER; // the youngest bytes
    private int moving; // bytes of the piece that is on its way from back to the file
    private int piece; // the memory of that piece, or of the one that is on its way from the file
    private long counted; // the bytes that the budget has counted
    private boolean busy; // the file is being written or read
    private boolean spoolFull; // the file takes no more, because the spool is full or the disk cannot be written
    private boolean closed;

    /**
     * @param loop of the request
     * @param memory bytes that it may keep in memory: half of them in front, the rest in pieces on their way to and from the
     *     file
     * @param budget of all answers: while it is used up, little is kept in memory
     * @param onChange called with null when more can be taken, or with the failure after which its content is lost
     */
    Backlog(Spool spool, EventLoop loop, int memory, MemoryBudget budget, Consumer<@Nullable Throwable> onChange) {
        this.spool = spool;
        this.loop = loop;
        this.memory = memory;
        this.budget = budget;
        this.onChange = onChange;
    }

    /**
     * Sets how many bytes it should hold at most. A file is used only when that is more than may be in memory; with 0 it holds nothing but
     * what was added already.
     */
    void limit(long bytes) {
        limit = bytes;
    }

    /** Adds bytes, which are copied. */
    void add(ByteBuf in, int length) {
        if (isInOrderBehindFile() || mayUseFile() && front.readableBytes() + length > memory() / 2) {
            back = append(back, in, length);
            spill();
        } else {
            front = append(front, in, length);
        }
        count();
    }

    private int memory() {
        return budget.isUsedUp() ? Math.min(memory, BacklogLimits.LEAST_MEMORY) : memory;
    }

    private void count() {
        long bytes = closed ? 0 : (long) front.capacity() + back.capacity() + piece;
        budget.count(bytes - counted);
        counted = bytes;
    }

    private static ByteBuf append(ByteBuf to, ByteBuf in, int length) {
        ByteBuf grown = to == Unpooled.EMPTY_BUFFER ? Unpooled.buffer(length) : to;
        return grown.writeBytes(in, in.readerIndex(), length);
    }

    private boolean isInOrderBehindFile() {
        return read < written || moving > 0 || back.isReadable();
    }

    private boolean mayUseFile() {
        return limit > memory() && !spoolFull;
    }

    /** Whether PHP should be held back. */
    boolean isFull() {
        if (!mayUseFile()) {
            return held() >= Math.min(limit, memory());
        }
        return held() >= limit || written >= limit || back.readableBytes() >= memory() / 2;
    }

    /** Whether PHP may go on, because the file has taken what was in memory, or because little is left and the file begins anew. */
    boolean isLow() {
        if (mayUseFile() && written < limit && held() < limit) {
            return back.readableBytes() + moving < memory() / 4;
        }
        return !busy && written == 0 && held() <= Math.min(limit, memory()) / 2;
    }

    boolean isEmpty() {
        return held() == 0;
    }

    private long held() {
        return front.readableBytes() + (written - read) + moving + back.readableBytes();
    }

    /** The next bytes for the client; null when there are none, or when they have to be read from the file first. */
    @Nullable
    ByteBuf take() {
        ByteBuf next = null;
        if (front.isReadable()) {
            next = front;
            front = Unpooled.EMPTY_BUFFER;
        } else if (!busy && read < written) {
            fetch();
        } else if (!busy) {
            next = back.isReadable() ? back : null;
            back = Unpooled.EMPTY_BUFFER;
        }
        count();
        return next;
    }

    /**
     * PHP is held back, and this is not low. What is in memory goes into the file at once, even when it is little: it may have counted as full
     * only because the memory of all answers was used up for an instant, and nothing else brings it into the file before the client reads on.
     */
    void heldBack() {
        if (!busy && back.isReadable() && mayUseFile() && written < limit && held() < limit) {
            write();
        }
    }

    /** Moves what is in back into the file, if that is enough to be worth a write. */
    private void spill() {
        if (!busy && mayUseFile() && back.readableBytes() >= memory() / 4) {
            write();
        }
    }

    private void write() {
        SpoolFile into = file == null ? new SpoolFile(spool) : file;
        file = into;
        ByteBuf full = back;
        back = Unpooled.EMPTY_BUFFER;
        busy = true;
        moving = full.readableBytes();
        piece = full.capacity();
        spool.work(
                () -> {
                    into.write(full, written);
                    return null;
                },
                loop,
                failure -> orLost(() -> onSpilled(full, failure)));
    }

    private void onSpilled(ByteBuf full, @Nullable Throwable failure) {
        moving = 0;
        if (failure == null) {
            written += full.readableBytes();
        } else {
            // Without a file the answer goes on as fast as its client takes it.
            spoolFull = true;
            back = full.writeBytes(back);
            if (!(failure instanceof Spool.Full)) {
                LOG.error("Answer cannot be spooled", "", "Answer cannot be spooled: cause=%s", failure);
            }
        }
        changed(null);
    }

    private void fetch() {
        busy = true;
        SpoolFile from = Objects.requireNonNull(file); // it holds what was written
        int length = (int) Math.min(memory() / 4, written - read);
        ByteBuf next = Unpooled.buffer(length);
        piece = length;
        spool.work(
                () -> {
                    from.read(next, read, length);
                    return null;
                },
                loop,
                failure -> orLost(() -> {
                    read += length;
                    if (read == written) {
                        read = 0;
                        written = 0;
                    }
                    front = next;
                    changed(failure);
                }));
    }

    /** Runs a step, and reports an exception as a loss, since the answer would otherwise never go on. */
    private void orLost(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            onChange.accept(e);
        }
    }

    private void changed(@Nullable Throwable failure) {
        busy = false;
        piece = 0;
        count();
        if (closed && file != null) {
            file.close();
        } else if (!closed) {
            onChange.accept(failure);
            spill();
        }
    }

    /** Drops what it holds. Idempotent. */
    void close() {
        if (!closed) {
            closed = true;
            front = Unpooled.EMPTY_BUFFER;
            back = Unpooled.EMPTY_BUFFER;
            count();
            if (file != null && !busy) {
                file.close();
            }
        }
    }
}
