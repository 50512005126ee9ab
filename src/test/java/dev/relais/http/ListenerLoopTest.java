package dev.relais.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenerLoopTest {
    private final EventLoopGroup acceptors = new NioEventLoopGroup(1);
    private final Queue<Channel> accepted = new ConcurrentLinkedQueue<>();
    private EventLoopGroup loops;

    @AfterEach
    void stop() {
        acceptors.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    }

    private Channel listen(int count) throws InterruptedException {
        loops = new NioEventLoopGroup(count);
        return new ServerBootstrap()
                .group(acceptors, loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    public void channelActive(ChannelHandlerContext context) {
                        accepted.add(context.channel());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    private Channel connect(Channel listener) throws IOException {
        int before = accepted.size();
        InetSocketAddress address = (InetSocketAddress) listener.localAddress();
        new Socket(address.getAddress(), address.getPort()).close();
        await().until(() -> accepted.size() == before + 1);
        return accepted.stream().skip(before).findFirst().orElseThrow();
    }

    @Test
    void theOnlyLoopAcceptsItsConnectionsItself() throws Exception {
        Channel listener = listen(1);
        EventLoop loop = connect(listener).eventLoop();
        assertNotEquals(loop, listener.eventLoop());

        ListenerLoop.move(listener, loop);

        await().until(() -> listener.isRegistered() && listener.eventLoop() == loop);
        for (int i = 0; i < 10; i++) {
            assertSame(loop, connect(listener).eventLoop());
        }
        listener.close().sync();
    }

    @Test
    void withSeveralLoopsTheThreadThatSharesThemOutGoesOn() throws Exception {
        Channel listener = listen(2);
        EventLoop acceptor = listener.eventLoop();

        ListenerLoop.move(listener, connect(listener).eventLoop());

        assertSame(acceptor, listener.eventLoop());
        connect(listener);
        assertEquals(2, accepted.stream().map(Channel::eventLoop).distinct().count());
        listener.close().sync();
    }

    /** A gateway that stops closes its listeners, whichever thread has them. */
    @Test
    void aMovedListenerCloses() throws Exception {
        Channel listener = listen(1);
        EventLoop loop = connect(listener).eventLoop();
        ListenerLoop.move(listener, loop);
        // A close amid the move may come to the former thread, which Netty's assertions forbid and closes it all the
        // same.
        await().until(() -> listener.isRegistered() && listener.eventLoop() == loop);
        listener.close();
        await().until(() -> !listener.isOpen());
    }
}
