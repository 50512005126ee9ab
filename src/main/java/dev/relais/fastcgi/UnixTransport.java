package dev.relais.fastcgi;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Opens Unix sockets on an event loop of Vert.x, whichever transport that has (src/docs/facts.md, fact 19): Vert.x itself refuses them
 * without epoll.
 */
final class UnixTransport {
    /** Marks listening channels of {@link #listen}. */
    static final AttributeKey<Boolean> OWN = AttributeKey.valueOf(UnixTransport.class, "own");

    private UnixTransport() {}

    /** Connects; {@code handler} is alone in the pipeline. The future fails when nobody listens. Any thread. */
    static ChannelFuture connect(EventLoop loop, Path socket, ChannelHandler handler) {
        boolean epoll = isEpoll(loop);
        ChannelFactory<Channel> factory = epoll ? EpollSockets::open : UnixTransport::openNio;
        return new Bootstrap()
                .group(loop)
                .channelFactory(factory)
                .handler(handler)
                .connect(address(socket, epoll));
    }

    /**
     * Listens; {@code accepted} is alone in the pipeline of each channel that a client opens, on the same loop. The future fails when the
     * path cannot be bound. Any thread.
     */
    static ChannelFuture listen(EventLoop loop, Path socket, ChannelInitializer<Channel> accepted) {
        boolean epoll = isEpoll(loop);
        ChannelFactory<ServerChannel> factory = epoll ? EpollSockets::listen : NioServerDomainSocketChannel::new;
        return new ServerBootstrap()
                .group(loop)
                .channelFactory(factory)
                .attr(OWN, true)
                .childHandler(accepted)
                .bind(address(socket, epoll));
    }

    /** The process at the other end of a channel, as the kernel knows it; -1 where Netty does not tell. */
    static long peer(Channel channel) {
        return isEpoll(channel.eventLoop()) ? EpollSockets.peer(channel) : -1;
    }

    /** Epoll is recognised by name, because its classes may be missing or unable to load their library. */
    private static boolean isEpoll(EventLoop loop) {
        return loop.getClass().getName().startsWith("io.netty.channel.epoll.");
    }

    private static SocketAddress address(Path socket, boolean epoll) {
        return epoll ? EpollSockets.address(socket) : UnixDomainSocketAddress.of(socket);
    }

    private static Channel openNio() {
        try {
            return new NioDomainSocketChannel(SocketChannel.open(StandardProtocolFamily.UNIX));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A class of its own, so that only an epoll loop loads these classes. */
    private static final class EpollSockets {
        static Channel open() {
            return new EpollDomainSocketChannel();
        }

        static ServerChannel listen() {
            return new EpollServerDomainSocketChannel();
        }

        static long peer(Channel channel) {
            try {
                return ((EpollDomainSocketChannel) channel).peerCredentials().pid();
            } catch (IOException e) {
                return -1; // it has closed
            }
        }

        static SocketAddress address(Path socket) {
            return new DomainSocketAddress(socket.toString());
        }
    }
}
