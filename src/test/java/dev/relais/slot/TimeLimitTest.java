package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // the event loop group, as Vert.x makes it
class TimeLimitTest {
    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EventLoopGroup group = new NioEventLoopGroup(1);
    private final EventLoop loop = group.next();
    private final CountDownLatch over = new CountDownLatch(1);
    private final TimeLimit limit = new TimeLimit(loop, System::nanoTime, over::countDown);

    @AfterEach
    void endLoop() throws InterruptedException {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    @Test
    void passesWhenNothingCame() throws Exception {
        loop.execute(() -> limit.begin(System.nanoTime() + LIMIT_NANOS));

        assertTrue(over.await(Patience.SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void standsStillWhilePhpIsHeldBackAndGoesOnWithWhatWasLeft() throws Exception {
        long[] left = new long[2];
        loop.submit(() -> {
                    limit.begin(System.nanoTime() + LIMIT_NANOS);
                    limit.hold();
                    left[0] = limit.leftNanos();
                })
                .sync();
        loop.schedule(() -> {}, 3 * LIMIT_NANOS, TimeUnit.NANOSECONDS).sync();
        assertEquals(1, over.getCount());

        loop.submit(() -> {
                    left[1] = limit.leftNanos();
                    limit.goOn();
                    assertTrue(limit.leftNanos() <= left[0]);
                })
                .sync();
        assertEquals(left[0], left[1]);
        assertTrue(over.await(Patience.SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void aHoldOfOneExchangeIsNotTheNextOnes() throws Exception {
        loop.submit(() -> {
                    limit.begin(System.nanoTime() + LIMIT_NANOS);
                    limit.hold();
                    limit.end();
                    limit.hold(); // nothing runs
                    limit.begin(System.nanoTime() + LIMIT_NANOS);
                })
                .sync();

        assertTrue(over.await(Patience.SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void isKeptByWhatCameInTimeThoughTheLoopIsLate() throws Exception {
        Channel answers = channel(limit::end);
        holdUpWhileSending(answers);

        assertEquals(1, over.getCount());
    }

    /** An answer may be read in several pieces. */
    @Test
    void isKeptByWhatTheLoopReadsInSeveralTurns() throws Exception {
        Channel answers = channel(() -> later(5, limit::end));
        holdUpWhileSending(answers);

        assertEquals(1, over.getCount());
    }

    private void later(int turns, Runnable task) {
        loop.schedule(turns == 0 ? task : () -> later(turns - 1, task), 0, TimeUnit.NANOSECONDS);
    }

    private void holdUpWhileSending(Channel answers) throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        Channel holdsUp = channel(() -> {
            limit.begin(System.nanoTime() + LIMIT_NANOS);
            held.countDown();
            await(mayGoOn);
        });
        send(holdsUp);
        await(held);
        send(answers); // in time, but the loop does not look
        TimeUnit.NANOSECONDS.sleep(4 * LIMIT_NANOS);
        mayGoOn.countDown();
        loop.schedule(() -> {}, 4 * LIMIT_NANOS, TimeUnit.NANOSECONDS).sync(); // behind the second look
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(Patience.SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Channel channel(Runnable onRead) throws InterruptedException {
        return new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        ReferenceCountUtil.release(message);
                        onRead.run();
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    private static void send(Channel to) throws IOException {
        try (DatagramChannel from = DatagramChannel.open()) {
            from.send(ByteBuffer.wrap(new byte[1]), (InetSocketAddress) to.localAddress());
        }
    }
}
