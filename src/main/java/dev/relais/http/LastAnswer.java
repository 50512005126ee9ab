package dev.relais.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;

/**
 * Answers with a problem on a connection where there is no request that Vert.x could answer, and closes it behind the answer.
 * Confined to the channel's event loop.
 */
final class LastAnswer {
    /** Vert.x' name of the last handler of HTTP/1's codec; HTTP/2 has none of this name. */
    static final String ENCODER = "httpEncoder";

    private LastAnswer() {}

    private static String address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress client && client.getAddress() != null
                ? client.getAddress().getHostAddress()
                : "-";
    }

    /** Writes bytes and not a message for the encoder, since for Vert.x this connection still waits for a request. */
    static void write(ChannelHandlerContext context, HeadWriter heads, Problem problem) {
        ChannelHandlerContext encoder = context.pipeline().context(ENCODER);
        // A write from the encoder's own context begins behind the encoder, so that it does not see the bytes.
        (encoder == null ? context : encoder)
                .writeAndFlush(heads.lastAnswer(problem, address(context.channel())))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
