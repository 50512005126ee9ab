package dev.relais.http;

import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Passes the requests of one HTTP/1 connection on one by one: what a client sends behind a request (RFC 9112 section 9.3.2) waits
 * here until the answer to that request is complete. Vert.x would take it at once, and has three faults with it: when the
 * connection breaks in the middle of such a request, by whatever event, it fails with a NullPointerException for the response
 * that it has not made for it; it queues any number of requests; and it does not release what follows the last request of a
 * connection.
 *
 * <p>It goes on reading while requests wait, because the end of the connection is seen by that alone, up to a bound. What waits
 * is counted in the budget of heads; when that has no room, the connection ends behind the answer that is under way. Confined to
 * the channel's event loop.
 */
final class PipelinedRequests extends ChannelDuplexHandler {
    /** When so many bytes wait, no more are read. */
    private static final int MOST_WAITING = 64 << 10;

    /** The memory that is counted for a waiting message, besides its bytes and fields. */
    private static final int MESSAGE_BYTES = 512;

    /** The memory that is counted for a field: an entry of a map and two strings. */
    private static final int FIELD_BYTES = 128;

    private final ConnectionClock clock;
    private final MemoryBudget budget;
    private final HeadWriter heads;
    private final Queue<Object> waiting = new ArrayDeque<>(2);
    private int counted; // the memory of what waits
    private boolean answering; // a request was passed on whose answer is not complete
    private boolean last; // no request may follow the one that was passed on last
    private boolean overfull; // the budget had no memory left for what came behind the running answer
    private boolean dropping; // further bytes are not read as requests
    private boolean paused; // by this handler

    PipelinedRequests(ConnectionClock clock, MemoryBudget budget, HeadWriter heads) {
        this.clock = clock;
        this.budget = budget;
        this.heads = heads;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (dropping || overfull) {
            ReferenceCountUtil.release(message);
        } else if (waiting.isEmpty() && !(answering && message instanceof HttpRequest)) {
            pass(context, message);
        } else {
            hold(context, message);
        }
    }

    private void pass(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            if (clock.isEnding()) {
                ReferenceCountUtil.release(message);
                dropping = true;
                return;
            }
            answering = true;
            last = isLast(request);
        }
        if (last && message instanceof LastHttpContent) {
            dropping = true;
        }
        context.fireChannelRead(message);
    }

    /** Whether the client asks to end the connection after this request. Vert.x recognises only a field without other options. */
    private static boolean isLast(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (!request.protocolVersion().isKeepAliveDefault()) {
            return !headers.contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE, true);
        }
        boolean closes = headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
        if (closes && !headers.contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
            headers.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return closes;
    }

    private void hold(ChannelHandlerContext context, Object message) {
        int bytes = sizeOf(message);
        if (!budget.tryTake(bytes)) {
            ReferenceCountUtil.release(message);
            drop();
            overfull = true;
            return;
        }
        counted += bytes;
        waiting.add(message);
        ChannelConfig config = context.channel().config();
        if (counted >= MOST_WAITING && config.isAutoRead()) {
            paused = true;
            config.setAutoRead(false);
        }
    }

    private static int sizeOf(Object message) {
        if (message instanceof HttpRequest request) {
            return MESSAGE_BYTES
                    + request.uri().length()
                    + FIELD_BYTES * request.headers().size();
        }
        return message instanceof ByteBufHolder content
                ? MESSAGE_BYTES + content.content().readableBytes()
                : MESSAGE_BYTES;
    }

    /**
     * On a closed connection a write does not reach the encoder. Otherwise a listener that hears at once that the write has
     * failed, and writes again to break the answer off, would do so in the middle of the encoder's work, and the encoder would
     * then write and release the first message twice.
     */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!context.channel().isActive()) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        context.write(message, promise);
        if (answering && isEndOfAnswer(message)) {
            answering = false;
            if (!waiting.isEmpty() || overfull) {
                // This is done later, because Vert.x is in the middle of writing and has not finished the request.
                context.executor().execute(() -> passNext(context));
            }
        }
    }

    private static boolean isEndOfAnswer(Object message) {
        return message instanceof LastHttpContent
                && !(message instanceof HttpResponse head
                        && head.status().codeClass() == HttpStatusClass.INFORMATIONAL);
    }

    private void passNext(ChannelHandlerContext context) {
        if (context.isRemoved() || !context.channel().isActive()) {
            return;
        }
        if (overfull) {
            dropping = true;
            LastAnswer.write(context, heads, Problem.MEMORY_FULL);
        }
        if (paused) {
            paused = false;
            context.channel().config().setAutoRead(true); // before a request comes to Vert.x that may set it to false
        }
        while (!dropping && !waiting.isEmpty() && !(answering && waiting.peek() instanceof HttpRequest)) {
            Object message = waiting.poll();
            int bytes = sizeOf(message);
            counted -= bytes;
            budget.giveBack(bytes);
            pass(context, message);
        }
        if (dropping) {
            drop();
        }
        context.fireChannelReadComplete(); // by which Vert.x flushes what it has answered meanwhile
    }

    private void drop() {
        budget.giveBack(counted);
        counted = 0;
        for (Object message = waiting.poll(); message != null; message = waiting.poll()) {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        drop();
        dropping = true;
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        drop();
    }
}
