package dev.relais.body;

import dev.relais.LimitedLog;
import dev.relais.fastcgi.Stdin;
import dev.relais.http.Callbacks;
import dev.relais.http.Framing;
import dev.relais.http.MemoryBudget;
import dev.relais.http.VertxConnection;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers a whole body before a child is taken, so that a slow client occupies no child and CONTENT_LENGTH is exact. The body
 * is gathered in memory first, and in a spool file once it outgrows that. Confined to the request's event loop; the file is
 * written on a worker thread with the request paused.
 */
final class GatheredBody implements RequestBody, Inbound.Reader {
    private static final LimitedLog LOG = new LimitedLog(GatheredBody.class);
    /** A body of fewer bytes is not worth a file, however little memory is left. */
    private static final int LEAST_SPOOLED = 4 << 10;

    private final HttpServerRequest request;
    private final Inbound inbound;
    private final Callbacks callbacks;
    private final BodyLimits limits;
    private final Spool spool;
    private final MemoryBudget budget;
    private final EventLoop loop;
    private final Listener listener;

    private long counted; // the bytes that the budget has counted
    private Pieces memory = new Pieces();
    private @Nullable SpoolFile file; // null while everything is in memory
    private long spooled;
    private long size;
    private int moving; // bytes of a piece on its way to the file
    private boolean writing;
    private boolean arrived;
    private boolean done;

    GatheredBody(
            HttpServerRequest request,
            BodyLimits limits,
            Spool spool,
            MemoryBudget budget,
            EventLoop loop,
            Callbacks callbacks,
            Listener listener) {
        this.request = request;
        this.callbacks = callbacks;
        this.limits = limits;
        this.spool = spool;
        this.budget = budget;
        this.loop = loop;
        this.listener = listener;
        this.inbound = new Inbound(
                request, limits.minRate(), loop, this::leftNanos, () -> refuse(BodyRefusal.TOO_SLOW), callbacks);
    }

    @Override
    public void begin() {
        long announced = Framing.length(request);
        if (announced > limits.maxSize()) {
            refuse(BodyRefusal.TOO_LARGE);
            return;
        }
        if (announced > limits.memory() && !spool.hasSpaceFor(announced)) {
            refuse(BodyRefusal.SPOOL_FULL);
            return;
        }
        if (budget.refuses()) {
            refuse(BodyRefusal.MEMORY_FULL);
            return;
        }
        inbound.begin(this);
    }

    /**
     * Broken chunks are answered with a problem, if that is still possible. A connection that is gone or was reset (an
     * IOException of the socket) is no fault of the body; the invocation is told of it in another way.
     */
    @Override
    public void onBroken(Throwable failure) {
        if (failure instanceof IOException
                || failure instanceof HttpClosedException
                || failure instanceof StreamResetException) {
            discard();
        } else if (!done) {
            refuse(BodyRefusal.MALFORMED);
            VertxConnection.flush(request); // Vert.x closes the connection next
        }
    }

    @Override
    public void onChunk(Buffer chunk) {
        if (done) {
            return;
        }
        inbound.took(chunk.length());
        size += chunk.length();
        if (size > limits.maxSize()) {
            refuse(BodyRefusal.TOO_LARGE);
            return;
        }
        memory.add(chunk.getByteBuf());
        count();
        long most = budget.isUsedUp() ? Math.min(LEAST_SPOOLED, limits.memory()) : limits.memory();
        if (memory.readable() > most && !writing) {
            writeOut();
        }
    }

    private void count() {
        long bytes = memory.capacity() + moving;
        budget.count(bytes - counted);
        counted = bytes;
    }

    /** Writes the bytes in memory to the file; the client waits meanwhile. */
    private void writeOut() {
        writing = true;
        inbound.pause();
        SpoolFile into = file == null ? new SpoolFile(spool) : file;
        file = into;
        Pieces piece = memory;
        moving = piece.capacity();
        memory = new Pieces();
        spool.work(
                () -> {
                    into.write(piece, spooled);
                    return null;
                },
                loop,
                callbacks.consumer(failure -> onWritten(piece, failure)));
    }

    private void onWritten(Pieces piece, @Nullable Throwable failure) {
        writing = false;
        moving = 0;
        if (done) {
            free();
        } else if (failure instanceof Spool.Full) {
            refuse(BodyRefusal.SPOOL_FULL);
        } else if (failure != null) {
            LOG.error("Request body cannot be spooled", "", "Request body cannot be spooled: cause=%s", failure);
            refuse(BodyRefusal.SPOOL_FAILED);
        } else {
            spooled += piece.readable();
            count();
            if (arrived) {
                onEnd();
            } else {
                inbound.resume();
            }
        }
    }

    @Override
    public void onEnd() {
        arrived = true;
        if (done || writing) {
            return;
        }
        if (file != null && memory.readable() > 0) {
            writeOut();
            return;
        }
        finish();
        listener.bodyReady();
    }

    private long leftNanos() {
        long limit = limits.timeoutNanos();
        // While a piece is written it is the spool that takes its time, and not the client.
        return writing || arrived ? limit : inbound.leftNanos(limit);
    }

    private void refuse(BodyRefusal reason) {
        discard();
        listener.bodyRefused(reason);
    }

    private void finish() {
        done = true;
        inbound.stop();
    }

    @Override
    public void discard() {
        release();
    }

    @Override
    public void release() {
        if (!done) {
            finish();
        }
        if (!writing) { // otherwise onWritten comes back here, since the file may not even be open yet
            free();
        }
    }

    private void free() {
        memory = new Pieces();
        count();
        if (file != null) {
            file.close();
            file = null;
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String start(int most) {
        return memory.start(most);
    }

    @Override
    public boolean isWhole() {
        return arrived;
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public Stdin stdin(Consumer<Runnable> onChild) {
        return file != null ? file.stdin(size) : memory.stdin();
    }
}
