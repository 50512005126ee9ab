package dev.relais.gateway;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;

/**
 * Gives every accepted channel its {@link ConnectionClock}. Loaded by Netty, when the system property
 * {@code io.netty.bootstrap.extensions} says {@code serviceload} before Netty's first use: the main class sees to it.
 */
public final class AcceptedChannels extends ChannelInitializerExtension {
    @Override
    public void postInitializeServerChildChannel(Channel channel) {
        HttpConnections connections = HttpConnections.current();
        if (connections != null) {
            channel.pipeline().addFirst(new ConnectionClock(connections));
        }
    }
}
