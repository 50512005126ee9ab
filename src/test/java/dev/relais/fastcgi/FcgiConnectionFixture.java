package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.relais.testing.Patience;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.ResourceLeakDetector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One connection to a scripted peer, for each transport. At the end everything must be released. */
@ParameterizedClass
@EnumSource
abstract class FcgiConnectionFixture {
    static final int MEGABYTE = 1 << 20;
    private static final FinishMark MARK = new FinishMark("nonce");
    private static ResourceLeakDetector.Level level;

    @SuppressWarnings("deprecation") // the event loop groups, as Vert.x makes them
    enum Transport {
        NIO,
        EPOLL;

        private EventLoopGroup group() {
            assumeTrue(this == NIO || Epoll.isAvailable());
            return this == NIO ? new NioEventLoopGroup(1) : new EpollEventLoopGroup(1);
        }
    }

    @TempDir
    Path directory;

    final RecordedOwner owner = new RecordedOwner();
    final EventLoop loop;
    ScriptedPeer peer;
    FcgiConnection connection;
    private final EventLoopGroup group;
    private final List<ByteBuf> requests = new ArrayList<>();

    FcgiConnectionFixture(Transport transport) {
        group = transport.group();
        loop = group.next();
    }

    @BeforeAll
    static void detectLeaks() {
        level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    @AfterAll
    static void restore() {
        ResourceLeakDetector.setLevel(level);
    }

    @AfterEach
    void everythingIsClosedAndReleased() throws Exception {
        if (connection != null) {
            on(connection::close);
            owner.awaitClosed();
        }
        if (peer != null) {
            peer.close();
        }
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        requests.forEach(request -> assertEquals(0, request.refCnt()));
        assertTrue(owner.ends.get() <= 1);
    }

    final void connect(ScriptedPeer.Script script) throws Exception {
        peer = ScriptedPeer.start(directory, script);
        connection = connect(peer.socket(), owner);
    }

    /** Opens another connection. */
    final FcgiConnection connect(Path socket, RecordedOwner its) throws Exception {
        FcgiConnection.connect(loop, socket, 4096, MARK, its);
        return its.awaitConnected();
    }

    final void on(Runnable task) throws Exception {
        loop.submit(task).get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    final <T> T on(Callable<T> task) throws Exception {
        return loop.submit(task).get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    final ByteBuf request(boolean withoutBody) {
        Params params = new Params();
        params.begin(1);
        params.add("REQUEST_METHOD", "GET");
        ByteBuf request = params.finish(PooledByteBufAllocator.DEFAULT, withoutBody);
        requests.add(request);
        return request;
    }

    final <E extends RecordedExchange> E start(Stdin body, E exchange) throws Exception {
        ByteBuf request = request(body == null);
        on(() -> connection.exchange(request, body, exchange));
        return exchange;
    }

    final RecordedExchange start(Stdin body) throws Exception {
        return start(body, new RecordedExchange());
    }

    final void failsWith(Class<? extends ExchangeFailure> failure, ScriptedPeer.Script script) throws Exception {
        connect(script);
        RecordedExchange exchange = start(null);
        assertInstanceOf(failure, exchange.await());
        owner.awaitClosed();
        assertFalse(on(connection::isOpen));
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
