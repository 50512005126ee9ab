package dev.relais.gateway;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;

/** Gives every accepted channel its {@link ConnectionClock}. Loaded by Netty, once {@link HttpConnections#start} has asked for it. */
public final class AcceptedChannels extends ChannelInitializerExtension {
    @Override
    public void postInitializeServerChildChannel(Channel channel) {
        HttpConnections connections = HttpConnections.current();
        if (connections != null) {
            channel.pipeline().addFirst(new ConnectionClock(connections));
        }
    }
}
