package dev.relais.http;

import dev.relais.telemetry.ConnectionMeters.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ByteProcessor;
import io.netty.util.ReferenceCountUtil;

/**
 * Counts the memory of request heads that have begun and are not complete, while Vert.x does not yet know of a request: 15,000 of
 * 29 KB would fill a heap of 256 MiB. A head for which there is no room, or that has more fields than it may have, is refused and
 * its connection closed.
 *
 * <p>The second handler of an accepted channel, behind its {@link ConnectionClock}; confined to its event loop. A head that comes
 * with one read, as nearly all do, costs no more than a look at its last bytes.
 */
final class UnfinishedHeads extends ChannelInboundHandlerAdapter {
    /** Each byte is in the decoder's buffer and in the string that is made of it. */
    private static final int PER_BYTE = 2;

    /** A field is an entry of a map and two strings. */
    private static final int PER_FIELD = 128;

    /** Behind TLS no fields can be seen, and its own state is large: a handshake of 1 KiB is counted as 16 KiB. */
    private static final int PER_BYTE_OF_TLS = 16;

    private static final int TLS_HANDSHAKE = 22; // RFC 8446 section 5.1
    private static final int END_OF_HEAD = 0x0D0A0D0A;

    private final HttpConnections connections;
    private final ConnectionClock clock;
    private final MemoryBudget budget;
    private long counted;
    private int fields;
    private boolean first = true;
    private boolean tls;
    private boolean http2;
    private boolean refused;

    UnfinishedHeads(HttpConnections connections, ConnectionClock clock) {
        this.connections = connections;
        this.clock = clock;
        this.budget = connections.heads();
    }

    /**
     * Also adds {@link MalformedHeads}, which waits for the first bytes, unless the connection is refused because there are too
     * many.
     */
    @Override
    public void channelActive(ChannelHandlerContext context) {
        MalformedHeads.addTo(context.pipeline(), clock, connections);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (!clock.isQuiet() || !(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
            return;
        }
        if (first && bytes.isReadable()) {
            first = false;
            tls = bytes.getByte(bytes.readerIndex()) == TLS_HANDSHAKE;
            http2 = !tls && isPreface(bytes);
        }
        int length = bytes.readableBytes();
        int lines = tls || http2 || isWhole(bytes) ? 0 : lines(bytes);
        context.fireChannelRead(message);
        if (clock.isInHead()) {
            fields += lines;
            grow(context, tls ? length * PER_BYTE_OF_TLS : length * PER_BYTE + lines * PER_FIELD);
        } else {
            forget();
        }
    }

    private void grow(ChannelHandlerContext context, int bytes) {
        if (fields > connections.maxFields() + 1) {
            refuse(context, Problem.HEADER_TOO_LARGE);
        } else if (budget.tryTake(bytes)) {
            counted += bytes;
        } else {
            refuse(context, Problem.MEMORY_FULL);
        }
    }

    private void refuse(ChannelHandlerContext context, Problem problem) {
        refused = true;
        forget();
        connections.closes(problem == Problem.MEMORY_FULL ? Reason.MEMORY : Reason.HEAD);
        if (tls || http2 || !context.channel().isActive()) {
            context.close();
            return;
        }
        LastAnswer.write(context, connections.headWriter(), problem);
    }

    private void forget() {
        fields = 0;
        if (counted > 0) {
            budget.giveBack(counted);
            counted = 0;
        }
    }

    private static boolean isPreface(ByteBuf bytes) {
        return bytes.readableBytes() >= 3 && bytes.getMedium(bytes.readerIndex()) == ('P' << 16 | 'R' << 8 | 'I');
    }

    private boolean isWhole(ByteBuf bytes) {
        return counted == 0
                && bytes.readableBytes() >= Integer.BYTES
                && bytes.getInt(bytes.writerIndex() - Integer.BYTES) == END_OF_HEAD;
    }

    private static int lines(ByteBuf bytes) {
        int lines = 0;
        int at = bytes.readerIndex();
        while ((at = bytes.forEachByte(at, bytes.writerIndex() - at, ByteProcessor.FIND_LF) + 1) > 0) {
            lines++;
        }
        return lines;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        forget();
        context.fireChannelInactive();
    }

    /** An upgrade takes all handlers away. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        forget();
    }
}
