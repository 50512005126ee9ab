package dev.relais.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;

/**
 * Refuses what comes on a connection before there is a request that Vert.x would answer, and closes it behind that. Confined to the
 * channel's event loop.
 */
final class LastAnswer {
    /** Vert.x' name of the last handler of HTTP/1's codec; HTTP/2 has none of this name. */
    static final String ENCODER = "httpEncoder";

    private LastAnswer() {}

    /** Bytes, and not a message for the encoder: what Vert.x knows of this connection is that it waits. */
    static void write(ChannelHandlerContext context, HeadWriter heads, Problem problem) {
        ChannelHandlerContext encoder = context.pipeline().context(ENCODER);
        // The encoder's own context passes on what it would have encoded.
        (encoder == null ? context : encoder)
                .writeAndFlush(heads.lastAnswer(problem))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
