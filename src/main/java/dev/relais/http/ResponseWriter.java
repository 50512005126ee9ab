package dev.relais.http;

import dev.relais.telemetry.Timeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer of PHP, a file or a problem as HTTP: first its {@link AnswerHead}, then its bytes, then its end. The head is written
 * only with the first bytes, so that until then another answer may replace it. What is gathered before a {@link #flush} goes out in one
 * write. An answer that is complete before the first flush goes out whole, with its Content-Length. Confined to the request's event loop.
 */
public final class ResponseWriter {
    /** An error code of HTTP/2 (RFC 9113 section 7); without one a client may take what it has got for the whole answer. */
    private static final int INTERNAL_ERROR = 2;

    /** The body of PHP-FPM's own answer for a script that does not exist. */
    private static final byte[] FILE_NOT_FOUND = "File not found.\n".getBytes(StandardCharsets.US_ASCII);

    private final HeadWriter heads;
    private final HttpDate date;
    private final ConnectionEnd connectionEnd;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final CountedWrites out;
    private final Timeline timeline;
    private final StreamWrites writes;
    private @Nullable Compressor compressor; // null: the body goes out as it is
    private @Nullable ByteBuf pending; // null: nothing waits to be written
    private WriterStage stage = WriterStage.NO_HEAD;
    private @Nullable AnswerHead head; // null at NO_HEAD
    private long announced = -1; // the length in the head; -1 for none
    private long taken;
    private @Nullable EarlyHints hints; // null: there were none
    private final AnsweringSite site = new AnsweringSite();

    /**
     * @param edge of the request's event loop
     * @param budget of all answers
     * @param timeline of the invocation
     */
    public ResponseWriter(
            HttpServerRequest request, Edge edge, HeadWriter heads, MemoryBudget budget, Timeline timeline) {
        this.connectionEnd = new ConnectionEnd(request, edge.loop());
        this.out = new CountedWrites(request, budget);
        this.heads = heads;
        this.timeline = timeline;
        this.date = edge.date();
        this.request = request;
        this.response = request.response();
        this.writes = StreamWrites.of(request.version() == HttpVersion.HTTP_2);
    }

    /** Sets what is run whenever the last running write of an HTTP/2 stream is done. */
    public void onIdle(Runnable told) {
        writes.onIdle(told);
    }

    /** Whether an HTTP/2 stream holds no bytes. Bytes should wait for the client in the stream, where the clocks see them. */
    public boolean isIdle() {
        return writes.isIdle();
    }

    /** Sends at once what a head that comes later will likely have, if the client may get that. */
    public void hints(List<String> likely) {
        hints = hints == null ? heads.hints(request) : hints;
        hints.send(likely);
    }

    /** Takes the head, which is not written yet, and says with {@code close} that the connection ends with this answer. */
    public void head(AnswerHead taken, boolean close) {
        stage = WriterStage.TAKEN;
        head = site.now().of(taken);
        announced = taken.length();
        if (close) {
            connectionEnd.announce();
        }
    }

    /** What the site of the request makes of its answers. */
    public AnsweringSite site() {
        return site;
    }

    /** The timeline of the invocation that it answers. */
    public Timeline timeline() {
        return timeline;
    }

    /** The status of the head that was taken last; 0 while there is none. */
    public int status() {
        return head == null ? 0 : head.status();
    }

    /** Whether the client gets only a head. */
    private boolean isBodiless() {
        return request.method() == HttpMethod.HEAD
                || Objects.requireNonNull(head).isBodiless();
    }

    /** Takes body bytes; those beyond the announced length are dropped. The buffer is read but not kept. */
    public void body(ByteBuf in, int length) {
        int wanted = wanted(length);
        if (wanted > 0) {
            if (pending == null) {
                pending = VertxConnection.heapBuffer(wanted);
            }
            pending.writeBytes(in, in.readerIndex(), wanted);
        }
    }

    /** Counts body bytes that the caller will {@link #write} later, and returns how many of them the client gets. */
    public int wanted(int length) {
        if (isBodiless()) {
            return 0;
        }
        int wanted = announced < 0 ? length : (int) Math.min(length, announced - taken);
        taken += wanted;
        return wanted;
    }

    /** The bytes of the announced length that have not arrived; 0 when none was announced. */
    public long missing() {
        return announced < 0 ? 0 : announced - taken;
    }

    /** Whether everything for the client has been taken: the announced length, or nothing where there is no body. */
    public boolean isWhole() {
        return isBodiless() || announced >= 0 && taken == announced;
    }

    /** Whether bytes of the announced length have not arrived, and the head that announces them is not written yet. */
    public boolean isCorrectable() {
        return stage == WriterStage.TAKEN && announced >= 0 && !isWhole();
    }

    /** Whether Relais may read the answer faster than the client takes it: the function has not said X-Accel-Buffering: no. */
    public boolean isBuffered() {
        return head == null || head.buffered();
    }

    /** Writes bytes that were counted before, after a {@link #flush}. The writer releases the buffer. */
    public void write(ByteBuf counted) {
        out.write(counted, writes.begin());
    }

    /** Like {@link #write(ByteBuf)}; {@code then} is called when the bytes have left this process, or with the failure. */
    public void write(ByteBuf counted, Handler<AsyncResult<Void>> then) {
        out.write(counted, then);
    }

    /** Whether the memory for all answers is used up. */
    public boolean isMemoryUsedUp() {
        return out.isBudgetUsedUp();
    }

    /** Whether the client's connection takes no more for now. */
    public boolean isFull() {
        return response.writeQueueFull();
    }

    /** Writes what was taken, and returns false when the client's connection takes no more for now. */
    public boolean flush() {
        if (isBodiless()) {
            return true; // the head goes out with the end
        }
        if (stage == WriterStage.TAKEN) {
            writeHead(announced, false);
            if (pending == null && request.version() != HttpVersion.HTTP_1_0) {
                response.writeHead();
                return true;
            }
        }
        if (pending != null) {
            ByteBuf chunk = compressor == null ? pending : compressor.compress(pending);
            pending = null;
            write(chunk);
        }
        return !isFull();
    }

    private void writeHead(long size, boolean whole) {
        ContentCoding coding = begin(size, whole);
        compressor = coding == null ? null : new Compressor(coding);
    }

    private @Nullable ContentCoding begin(long size, boolean whole) {
        stage = WriterStage.WRITTEN;
        if (!whole && announced < 0 && request.version() == HttpVersion.HTTP_1_0) {
            connectionEnd.announce(); // HTTP/1.0 has no chunks: the close ends the body (RFC 9112 section 6.3)
        }
        return heads.write(
                Objects.requireNonNull(head), request, timeline, connectionEnd.isAnnounced(), date, size, whole);
    }

    /**
     * Writes the head of a file's answer, whose bytes are written by {@link #sendFile} or, counted and compressed by its caller, by
     * {@link #write(ByteBuf, Handler)}. The size is that of the whole file.
     *
     * @return the coding for its bytes; null when they are sent as they are
     */
    public @Nullable ContentCoding beginFile(long size) {
        return begin(size, isWhole());
    }

    /** Whether the kernel can copy a file into the client's socket; otherwise its bytes have to be written. */
    public boolean isZeroCopy() {
        return VertxConnection.isZeroCopy(request);
    }

    /** Makes the kernel copy this part of a file. {@code close} is run when it is needed no more; {@code then} fails also when it was cut. */
    public void sendFile(FileChannel file, long first, long length, Runnable close, Handler<AsyncResult<Void>> then) {
        taken += length;
        response.writeHead();
        VertxConnection.sendFile(request, file, first, length, close, then);
    }

    /** Whether a write has failed because the client's connection, or its stream, is gone. */
    public static boolean isClientGone(Throwable failure) {
        return ClientGone.is(failure);
    }

    /**
     * Ends the answer. If it is shorter than announced and its head is not yet written, the announced length is corrected.
     *
     * @param last run when its last byte was written, or the client is gone; null for none
     * @return false when bytes of the announced length are missing, so that the answer was broken off after the existing bytes
     */
    public boolean end(@Nullable Handler<AsyncResult<Void>> last) {
        if (isCorrectable()) {
            announced = taken;
            head = Objects.requireNonNull(head).withLength(taken);
        }
        if (announced >= 0 && !isWhole()) {
            if (pending != null) {
                flush();
            }
            breakOff();
            return false;
        }
        if (stage == WriterStage.TAKEN) {
            writeHead(taken, true); // 0 bytes for a head alone
        }
        if (compressor != null) {
            pending = compressor.finish(pending);
            compressor = null;
        }
        writes.onIdle(null);
        Handler<AsyncResult<Void>> began = writes.begin();
        Handler<AsyncResult<Void>> told = last == null ? began : last;
        if (pending != null) {
            ByteBuf bytes = pending;
            pending = null;
            out.end(bytes, told);
        } else {
            response.end(told);
        }
        connectionEnd.close();
        return true;
    }

    /** Ends an answer, whose head was taken with its length, with a body that is neither copied nor changed. */
    public void endWith(KeptBody body, @Nullable Handler<AsyncResult<Void>> last) {
        if (!isBodiless() && body.length() > 0) {
            pending = body.in(begin(body.length(), true));
            taken = announced;
        }
        end(last);
    }

    /** Ends an answer like {@link #endWithoutBody}, whose head was taken with its length, with bytes that are neither coded nor changed. */
    public void endWithFile(ByteBuf bytes, Handler<AsyncResult<Void>> last) {
        if (!isBodiless() && bytes.isReadable()) {
            begin(bytes.readableBytes(), true);
            pending = bytes;
            taken = announced;
        }
        end(written -> {
            connectionEnd.written();
            last.handle(written);
        });
    }

    /** Whether this is PHP-FPM's own answer for a missing script, of which nothing is written yet. */
    public boolean isScriptMissing() {
        return stage == WriterStage.TAKEN
                && status() == 404
                && pending != null
                && pending.readableBytes() == FILE_NOT_FOUND.length
                && ByteBufUtil.equals(pending, Unpooled.wrappedBuffer(FILE_NOT_FOUND));
    }

    /** Discards an answer of which nothing is written. */
    public void reset() {
        release();
        stage = WriterStage.NO_HEAD;
        head = null;
        announced = -1;
        taken = 0;
    }

    /** Releases the memory of the answer, after which nothing is written. Idempotent. */
    public void release() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
        if (compressor != null) {
            compressor.close();
            compressor = null;
        }
    }

    public boolean isHeadWritten() {
        return stage == WriterStage.WRITTEN;
    }

    /** Answers with a problem instead, while no head is written, and with an extra field unless its name is null. */
    public void problem(Problem problem, boolean close, @Nullable String name, @Nullable String value) {
        reset();
        if (problem == Problem.MEMORY_FULL && out.refusedStream()) {
            stage = WriterStage.WRITTEN;
            return;
        }
        String text = site.now().text(problem, request);
        site.is(site.now().withoutStatus());
        head(AnswerHead.of(problem, SiteAnswers.type(text), text, name, value), close);
        if (!isBodiless()) {
            pending = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
            taken = announced;
        }
        endWithoutBody();
    }

    /** Ends an answer that does not need the rest of the request's body; like {@link #end} without a listener. */
    public boolean endWithoutBody() {
        return end(written -> connectionEnd.written());
    }

    /** Ends a request whose answer is complete and whose body will never be. */
    public void giveUpBody() {
        connectionEnd.giveUpBody();
    }

    /** Makes the client see that the answer is not whole: resets the stream, or closes the connection. */
    public void breakOff() {
        writes.onIdle(null);
        release();
        stage = WriterStage.WRITTEN;
        timeline.brokenOff();
        response.closeHandler(null); // the gateway itself closes it
        response.reset(INTERNAL_ERROR);
    }
}
