package dev.relais.http;

import dev.relais.fastcgi.FcgiListener;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;

/**
 * Gives every accepted channel its {@link ConnectionClock} and its {@link UnfinishedHeads}. Loaded by Netty, once {@link
 * HttpConnections#start} has asked for it.
 */
public final class AcceptedChannels extends ChannelInitializerExtension {
    private static final int FIRST_READ = 2 << 10;

    /**
     * The most bytes of one read. While a request is paused they wait in memory that no budget counts, and on every connection:
     * Netty's 64 KiB would be too many.
     */
    private static final int LARGEST_READ = 16 << 10;

    @Override
    public void postInitializeServerChildChannel(Channel channel) {
        if (FcgiListener.isOne(channel.parent())) {
            return; // a PHP child has connected, and no client
        }
        HttpConnections connections = HttpConnections.of(channel.parent());
        if (connections != null) {
            channel.config().setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(64, FIRST_READ, LARGEST_READ));
            ConnectionClock clock = new ConnectionClock(connections);
            channel.pipeline().addFirst(clock, new UnfinishedHeads(connections, clock));
        }
    }
}
