package dev.relais.gateway;

import dev.relais.LimitedLog;
import dev.relais.body.Spool;
import dev.relais.body.SpoolFile;
import dev.relais.dispatch.Exchange;
import dev.relais.fastcgi.Stdin;
import dev.relais.http.BodyPace;
import dev.relais.http.Callbacks;
import dev.relais.http.Edge;
import dev.relais.http.Framing;
import dev.relais.http.Inbound;
import dev.relais.http.MemoryBudget;
import dev.relais.http.PatientTimer;
import dev.relais.http.Problem;
import dev.relais.http.VertxConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;

/**
 * Gathers a body whole before a child is taken, so that a slow client occupies none and CONTENT_LENGTH is exact: in memory first,
 * in a spool file once it outgrows that. Confined to the request's event loop; the file is written on a worker thread with the
 * request paused.
 */
final class GatheredBody implements RequestBody, Inbound.Reader {
    private static final LimitedLog LOG = new LimitedLog(GatheredBody.class);
    /** What is taken for a body before its bytes come: a client may announce and not send. */
    private static final int FIRST_MEMORY = 8 << 10;
    /** Less than this is not worth a file, however little memory is left. */
    private static final int LEAST_SPOOLED = 4 << 10;

    private final HttpServerRequest request;
    private final Inbound inbound;
    private final Callbacks callbacks;
    private final Gateway gateway;
    private final Edge edge;
    private final Listener listener;
    private final long maxSize;
    private final long maxMemory;
    private final BodyPace pace;
    private final PatientTimer timer;

    private final MemoryBudget budget;
    private long counted; // what the budget knows of
    private ByteBuf memory = Unpooled.EMPTY_BUFFER;
    private SpoolFile spool; // null: all in memory
    private long spooled;
    private long size;
    private int moving; // bytes of a piece on its way to the file
    private boolean writing;
    private boolean arrived;
    private boolean done;

    GatheredBody(HttpServerRequest request, Callbacks callbacks, Gateway gateway, Edge edge, Listener listener) {
        this.request = request;
        this.inbound = new Inbound(request, callbacks);
        this.callbacks = callbacks;
        this.gateway = gateway;
        this.edge = edge;
        this.listener = listener;
        this.maxSize = gateway.config().maxBodySize().asLongValue();
        this.budget = gateway.memory().bodies();
        this.maxMemory = gateway.config().bodyMemory().asLongValue();
        this.pace = new BodyPace(gateway.config().bodyMinRate());
        this.timer = new PatientTimer(edge.loop(), this::leftNanos, callbacks.task(() -> refuse(Problem.BODY_TIMEOUT)));
    }

    @Override
    public void begin() {
        long announced = Framing.length(request);
        if (announced > maxSize) {
            refuse(Problem.BODY_TOO_LARGE);
            return;
        }
        if (announced > maxMemory && !gateway.spool().hasRoomFor(announced)) {
            refuse(Problem.SPOOL_FULL);
            return;
        }
        if (budget.refuses()) {
            refuse(Problem.MEMORY_FULL);
            return;
        }
        if (announced > 0 && !budget.isUsedUp()) {
            memory = Unpooled.buffer((int) Math.min(announced, FIRST_MEMORY));
        }
        pace.begin();
        timer.start();
        RequestBody.sendContinue(request);
        inbound.read(this);
    }

    /**
     * A chunk that is none is answered as far as that is possible. A connection that is gone, or was reset (an IOException of the
     * socket), is {@link Invocation}'s to hear of.
     */
    @Override
    public void onBroken(Throwable failure) {
        if (failure instanceof IOException
                || failure instanceof HttpClosedException
                || failure instanceof StreamResetException) {
            discard();
        } else if (!done) {
            refuse(Problem.MALFORMED_REQUEST);
            VertxConnection.flush(request); // next, Vert.x closes
        }
    }

    @Override
    public void onChunk(Buffer chunk) {
        if (done) {
            return;
        }
        pace.took(chunk.length());
        size += chunk.length();
        if (size > maxSize) {
            refuse(Problem.BODY_TOO_LARGE);
            return;
        }
        ByteBuf bytes = chunk.getByteBuf();
        if (memory == Unpooled.EMPTY_BUFFER) {
            memory = Unpooled.buffer(bytes.readableBytes());
        }
        memory.writeBytes(bytes);
        count();
        long most = budget.isUsedUp() ? Math.min(LEAST_SPOOLED, maxMemory) : maxMemory;
        if (memory.readableBytes() > most && !writing) {
            writeOut();
        }
    }

    private void count() {
        long bytes = memory.capacity() + moving;
        budget.count(bytes - counted);
        counted = bytes;
    }

    /** Moves what is in memory to the file; the client waits meanwhile. */
    private void writeOut() {
        writing = true;
        inbound.pause();
        if (spool == null) {
            spool = new SpoolFile(gateway.spool());
        }
        ByteBuf piece = memory;
        moving = piece.capacity();
        memory = Unpooled.EMPTY_BUFFER;
        gateway.spool()
                .work(
                        () -> {
                            spool.write(piece, spooled);
                            return null;
                        },
                        edge.loop(),
                        callbacks.consumer(failure -> onWritten(piece, failure)));
    }

    private void onWritten(ByteBuf piece, Throwable failure) {
        writing = false;
        moving = 0;
        if (done) {
            free();
        } else if (failure instanceof Spool.Full) {
            refuse(Problem.SPOOL_FULL);
        } else if (failure != null) {
            LOG.error("Request body cannot be spooled", "", "Request body cannot be spooled: cause=%s", failure);
            refuse(Problem.INTERNAL);
        } else {
            spooled += piece.readableBytes();
            if (memory == Unpooled.EMPTY_BUFFER && !budget.isUsedUp()) {
                memory = piece.clear();
            }
            count();
            if (arrived) {
                onEnd();
            } else {
                pace.begin();
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
        if (spool != null && memory.isReadable()) {
            writeOut();
            return;
        }
        finish();
        listener.bodyReady();
    }

    private long leftNanos() {
        long limit = gateway.config().bodyTimeout().toNanos();
        return writing || arrived ? limit : pace.leftNanos(limit); // else it is the spool that takes its time
    }

    private void refuse(Problem problem) {
        discard();
        listener.bodyRefused(problem);
    }

    private void finish() {
        done = true;
        timer.stop();
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
        if (!writing) { // else onWritten comes back here: the file may not even be open yet
            free();
        }
    }

    private void free() {
        memory = Unpooled.EMPTY_BUFFER;
        count();
        if (spool != null) {
            spool.close();
            spool = null;
        }
    }

    @Override
    public long size() {
        return size;
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
    public Stdin stdin(Exchange exchange) {
        return spool != null ? spool.stdin(size) : new MemoryStdin(memory.duplicate());
    }

    private record MemoryStdin(ByteBuf bytes) implements Stdin {
        @Override
        public long length() {
            return bytes.readableBytes();
        }

        @Override
        public Object next(int length) {
            return bytes.readRetainedSlice(length);
        }
    }
}
