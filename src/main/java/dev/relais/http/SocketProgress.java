package dev.relais.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;

/**
 * Counts the bytes that a channel's socket has taken in all, which are those that were written to it less those that still
 * wait. So a part of a message counts too, whether it is in memory or in a file. Called by the channel's first handler, on the
 * channel's event loop.
 */
final class SocketProgress implements ChannelOutboundBuffer.MessageProcessor {
    private long written;
    private long handedOver;
    private long waiting;

    void written(Object message) {
        written += sizeOf(message);
    }

    void flushed() {
        handedOver += written;
        written = 0;
    }

    /**
     * Looks at the bytes that wait now.
     *
     * @return whether there are any
     */
    boolean look(Channel channel) {
        waiting = 0;
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        if (out == null || out.isEmpty()) {
            return false;
        }
        try {
            out.forEachFlushedMessage(this);
        } catch (Exception e) {
            throw new IllegalStateException(e); // this processor throws none
        }
        return true;
    }

    /** Bytes that the socket had taken at the last look. */
    long taken() {
        return handedOver - waiting;
    }

    @Override
    public boolean processMessage(Object message) {
        waiting += message instanceof FileRegion region ? region.count() - region.transferred() : sizeOf(message);
        return true;
    }

    private static long sizeOf(Object message) {
        if (message instanceof ByteBuf bytes) {
            return bytes.readableBytes();
        }
        return message instanceof FileRegion region ? region.count() : 0;
    }
}
