package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class Http2ResetsTest {
    private static final byte[] RESET = {0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 1};

    /** The socket of a client that has gone. */
    private static final class Broken extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
            promise.setFailure(new IOException("gone"));
        }
    }

    private static ByteBuf bytes(int type) {
        return Unpooled.copiedBuffer(RESET).setByte(3, type);
    }

    @Test
    void aResetIsDoneWhenItIsFlushedThoughNobodyTakesIt() {
        EmbeddedChannel channel = new EmbeddedChannel(new Broken(), new Http2Resets());
        ChannelFuture reset = channel.write(bytes(3));
        assertFalse(reset.isDone());
        channel.flush();
        assertTrue(reset.isSuccess());
    }

    @Test
    void aResetIsDoneWhenTheConnectionIsClosed() {
        EmbeddedChannel channel = new EmbeddedChannel(new Broken(), new Http2Resets());
        ChannelFuture reset = channel.write(bytes(3));
        channel.close();
        assertTrue(reset.isSuccess());
    }

    @Test
    void otherFramesFailAndPassAsTheyAre() {
        EmbeddedChannel channel = new EmbeddedChannel(new Broken(), new Http2Resets());
        assertEquals("gone", channel.writeAndFlush(bytes(6)).cause().getMessage());

        EmbeddedChannel open = new EmbeddedChannel(new Http2Resets());
        open.writeOutbound(bytes(3), bytes(8));
        assertEquals(bytes(3), open.readOutbound());
        assertEquals(bytes(8), open.readOutbound());
        open.finishAndReleaseAll();
    }
}
