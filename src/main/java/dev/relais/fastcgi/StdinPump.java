package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/** Writes one request body after another as STDIN records, as fast as the socket takes them. Confined to the connection's event loop. */
final class StdinPump {
    /** The largest content that keeps records eight-byte aligned (section 3.3). */
    private static final int PIECE = 65_528;

    private final FcgiConnection.Owner owner;

    @SuppressWarnings("NullAway.Init") // set by begin; without a body nothing is written
    private Channel channel;

    private int requestId;
    private @Nullable Stdin body; // null when the socket has taken all of it
    private long left; // -1 when the empty record that ends the body is written too

    StdinPump(FcgiConnection.Owner owner) {
        this.owner = owner;
    }

    void begin(Channel to, int id, Stdin of) {
        channel = to;
        requestId = id;
        body = of.length() == 0 ? null : of;
        left = of.length();
        pump();
    }

    /** Whether the child still waits for bytes of the body. */
    boolean isUnread() {
        return body != null;
    }

    /** More of the body has arrived. */
    void arrived() {
        if (body != null && left > 0) {
            pump();
        }
    }

    /** The socket is writable again. */
    void writable() {
        if (body != null) {
            pump();
        }
    }

    /** Stops writing the body. */
    void drop() {
        body = null;
    }

    private void pump() {
        Stdin from = body;
        while (from != null && left > 0 && channel.isWritable()) {
            int length = (int) Math.min(Math.min(left, PIECE), from.available());
            if (length == 0) {
                break;
            }
            left -= length;
            header(length);
            // A file region does not count for the channel's writability, so the last queued write may be far from
            // done.
            channel.write(from.next(length), left == 0 ? written() : channel.voidPromise());
            owner.transferred(0, length);
        }
        if (left == 0) {
            left = -1;
            header(0);
        }
        channel.flush();
    }

    private ChannelPromise written() {
        return channel.newPromise().addListener(f -> body = f.isSuccess() ? null : body);
    }

    private void header(int length) {
        ByteBuf header = channel.alloc().buffer(Fcgi.HEADER_LENGTH);
        header.writeByte(Fcgi.VERSION)
                .writeByte(Fcgi.STDIN)
                .writeShort(requestId)
                .writeShort(length)
                .writeShort(0);
        channel.write(header, channel.voidPromise());
    }
}
