package dev.relais.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Makes an HTTP/2 stream that is reset end when the RST_STREAM frame is flushed, and not when the client's socket has taken the
 * frame. Until a stream ends Netty counts it as open, but Vert.x does not know it if its head was refused before Vert.x made a
 * request of it. If a write failed meanwhile because the client has gone, Vert.x would throw a NullPointerException for this
 * stream, and Netty would log its trace. Confined to the channel's event loop.
 */
final class Http2Resets extends ChannelOutboundHandlerAdapter {
    private static final int FRAME_BYTES = 13;
    private static final int PAYLOAD_BYTES = 4;
    private static final int RST_STREAM = 3; // RFC 9113 section 6.4

    private final Queue<ChannelPromise> written = new ArrayDeque<>(2);

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes && isReset(bytes) && !promise.isVoid()) {
            written.add(promise);
            context.write(message, context.newPromise());
        } else {
            context.write(message, promise);
        }
    }

    /**
     * Whether these bytes are a RST_STREAM frame. A piece of an answer may look like one, and it does no harm that it then
     * counts as written a little early.
     */
    private static boolean isReset(ByteBuf bytes) {
        int from = bytes.readerIndex();
        return bytes.readableBytes() == FRAME_BYTES
                && bytes.getMedium(from) == PAYLOAD_BYTES
                && bytes.getByte(from + 3) == RST_STREAM;
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        complete();
        context.flush();
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        complete();
        context.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        complete();
    }

    private void complete() {
        for (ChannelPromise reset = written.poll(); reset != null; reset = written.poll()) {
            reset.trySuccess();
        }
    }
}
