package dev.relais.fastcgi;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
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
    private UnixTransport() {}

    /** Connects; {@code handler} is alone in the pipeline. The future fails when nobody listens. Any thread. */
    static ChannelFuture connect(EventLoop loop, Path socket, ChannelHandler handler) {
        // Epoll is recognised by name, because its classes may be missing or unable to load their library.
        boolean epoll = loop.getClass().getName().startsWith("io.netty.channel.epoll.");
        ChannelFactory<Channel> factory = epoll ? EpollSockets::open : UnixTransport::openNio;
        SocketAddress address = epoll ? EpollSockets.address(socket) : UnixDomainSocketAddress.of(socket);
        return new Bootstrap()
                .group(loop)
                .channelFactory(factory)
                .handler(handler)
                .connect(address);
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

        static SocketAddress address(Path socket) {
            return new DomainSocketAddress(socket.toString());
        }
    }
}
