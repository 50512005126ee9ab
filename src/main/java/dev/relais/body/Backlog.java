package dev.relais.body;

import dev.relais.LimitedLog;
import dev.relais.http.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/**
 * What PHP has sent of an answer and the client has not taken: in memory, then in a spool file, then again in memory, in order. It
 * takes whatever is added, and says when it holds as much as it should.
 *
 * <p>Confined to the request's event loop; the file is written and read on worker threads, one call at a time.
 */
public final class Backlog {
    private static final LimitedLog LOG = new LimitedLog(Backlog.class);

    private final Spool spool;
    private final EventLoop loop;
    private final int memory;
    private final MemoryBudget budget;
    private final Consumer<Throwable> onChange;

    private long limit;
    private ByteBuf front = Unpooled.EMPTY_BUFFER; // the oldest bytes
    private SpoolFile file; // null: never needed
    private long read; // what the file holds lies from here
    private long written; // to here
    private ByteBuf back = Unpooled.EMPTY_BUFFER; // the youngest bytes
    private int moving; // bytes of a piece between back and file
    private int piece; // what that piece, or one from the file, takes
    private long counted; // what the budget knows of
    private boolean busy; // the file is being written or read
    private boolean spoolFull;
    private boolean closed;

    /**
     * @param memory bytes that it may take in memory: half of them in front, the rest in pieces on their way to and from the file
     * @param budget of all answers: when it is used up, little is kept in memory
     * @param onChange run when more can be taken, or with the failure after which what it holds is lost
     */
    public Backlog(Spool spool, EventLoop loop, int memory, MemoryBudget budget, Consumer<Throwable> onChange) {
        this.spool = spool;
        this.loop = loop;
        this.memory = memory;
        this.budget = budget;
        this.onChange = onChange;
    }

    /** How many bytes it should hold at most: up to the memory no file is used, and with 0 none is held but what was added already. */
    public void limit(long bytes) {
        limit = bytes;
    }

    /** Adds bytes, which are copied. */
    public void add(ByteBuf in, int length) {
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
    public boolean isFull() {
        if (!mayUseFile()) {
            return held() >= Math.min(limit, memory());
        }
        return held() >= limit || written >= limit || back.readableBytes() >= memory() / 2;
    }

    /** Whether PHP may go on: the file has taken what was in memory, or little is left and the file begins anew. */
    public boolean isLow() {
        if (mayUseFile() && written < limit && held() < limit) {
            return back.readableBytes() + moving < memory() / 4;
        }
        return !busy && written == 0 && held() <= Math.min(limit, memory()) / 2;
    }

    public boolean isEmpty() {
        return held() == 0;
    }

    private long held() {
        return front.readableBytes() + (written - read) + moving + back.readableBytes();
    }

    /** The next bytes for the client; null when there are none, or none before the next change. */
    public ByteBuf take() {
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

    /** Moves what is at the back into the file, when it is worth a call. */
    private void spill() {
        if (busy || !mayUseFile() || back.readableBytes() < memory() / 4) {
            return;
        }
        if (file == null) {
            file = new SpoolFile(spool);
        }
        ByteBuf full = back;
        back = Unpooled.EMPTY_BUFFER;
        busy = true;
        moving = full.readableBytes();
        piece = full.capacity();
        spool.work(
                () -> {
                    file.write(full, written);
                    return null;
                },
                loop,
                failure -> orLost(() -> onSpilled(full, failure)));
    }

    private void onSpilled(ByteBuf full, Throwable failure) {
        moving = 0;
        if (failure == null) {
            written += full.readableBytes();
        } else {
            // Without a file the answer goes on at the client's pace.
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
        int length = (int) Math.min(memory() / 4, written - read);
        ByteBuf next = Unpooled.buffer(length);
        piece = length;
        spool.work(
                () -> {
                    file.read(next, read, length);
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

    /** An exception here would leave the answer without anybody who goes on with it. */
    private void orLost(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            onChange.accept(e);
        }
    }

    private void changed(Throwable failure) {
        busy = false;
        piece = 0;
        count();
        if (closed) {
            file.close();
        } else {
            onChange.accept(failure);
            spill();
        }
    }

    /** Drops what it holds. Idempotent. */
    public void close() {
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
