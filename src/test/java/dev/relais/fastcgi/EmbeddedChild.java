package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;

/** A child behind a connection in memory: the test reads what Relais sends to it, and answers in its place, on its own thread. */
public final class EmbeddedChild {
    private static final int HEAD_LIMIT = 4096;

    private final Line line;
    private int requestId; // of the request that was received last

    /** @param owner is told at once that it is connected */
    public EmbeddedChild(FcgiConnection.Owner owner, FinishMark mark) {
        line = new Line(new FcgiConnection(owner, HEAD_LIMIT, mark));
    }

    private static final class Line extends EmbeddedChannel {
        private boolean full;

        Line(ChannelHandler connection) {
            super(connection);
        }

        /** Unlike that of the superclass it tells how much the socket has taken, and may take nothing. */
        @Override
        protected void doWrite(ChannelOutboundBuffer out) {
            while (!full && out.current() != null) {
                ByteBuf bytes = (ByteBuf) out.current();
                handleOutboundMessage(bytes.retain());
                out.progress(bytes.readableBytes());
                out.remove();
            }
        }
    }

    /** Its socket takes nothing more. */
    public void stop() {
        line.full = true;
    }

    /** Its socket takes more again. */
    public void goesOn() {
        line.full = false;
        line.flushOutbound();
    }

    /** What it was sent since this was asked last; "" for nothing. */
    public String received() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf bytes; (bytes = line.readOutbound()) != null; bytes.release()) {
            if (bytes.isReadable() && bytes.getByte(bytes.readerIndex() + 1) == Fcgi.BEGIN_REQUEST) {
                requestId = bytes.getUnsignedShort(bytes.readerIndex() + 2);
            }
            text.append(bytes.toString(StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    /** It sends these records of {@link Wire} in one piece, for the request that was received last. */
    public void sends(byte[]... records) {
        byte[] all = Wire.join(records);
        for (int at = 0; at < all.length; ) {
            all[at + 2] = (byte) (requestId >> 8);
            all[at + 3] = (byte) requestId;
            at += Fcgi.HEADER_LENGTH + ((all[at + 4] & 0xFF) << 8) + (all[at + 5] & 0xFF) + (all[at + 6] & 0xFF);
        }
        writes(all);
    }

    /** It sends these bytes, whatever they are. */
    public void writes(byte[] bytes) {
        line.writeInbound(Unpooled.wrappedBuffer(bytes));
    }

    /** It dies, or its master does. */
    public void closes() {
        line.close();
        line.runPendingTasks();
    }

    public boolean isOpen() {
        return line.isActive();
    }
}
