package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same conditions on both transports: see the two classes that extend it. */
@Timeout(30)
abstract class FcgiConnectionConditions {
    private static final int MEGABYTE = 1 << 20;
    private static ResourceLeakDetector.Level level;

    @TempDir
    Path directory;

    private final EventLoopGroup group = group();
    private final EventLoop loop = group.next();
    private final Requester requester = new Requester();
    private final List<ByteBuf> requests = new ArrayList<>();
    private ScriptedPeer peer;
    private FcgiConnection connection;

    abstract EventLoopGroup group();

    private static final FinishMark MARK = new FinishMark("nonce");

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
            requester.closed.get(10, TimeUnit.SECONDS);
        }
        if (peer != null) {
            peer.close();
        }
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        requests.forEach(request -> assertEquals(0, request.refCnt()));
        assertTrue(requester.closedCount <= 1);
    }

    private final class Requester implements FcgiConnection.Owner {
        private final CompletableFuture<FcgiConnection> connected = new CompletableFuture<>();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private final AtomicLong in = new AtomicLong();
        private final AtomicLong out = new AtomicLong();
        private int closedCount;

        @Override
        public void connected(FcgiConnection opened) {
            connected.complete(opened);
        }

        @Override
        public void connectFailed(Throwable cause) {
            connected.completeExceptionally(cause);
        }

        @Override
        public void closed(FcgiConnection gone) {
            assertTrue(connected.isDone());
            closedCount++;
            closed.complete(null);
        }

        @Override
        public void transferred(int bytesIn, int bytesOut) {
            in.addAndGet(bytesIn);
            out.addAndGet(bytesOut);
        }
    }

    /** Writes down an exchange and checks the order of its events. */
    private static class Exchange implements ExchangeListener {
        final CompletableFuture<ExchangeFailure> over = new CompletableFuture<>(); // null: a good end
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        final List<String> stderr = new ArrayList<>();
        ResponseHead head;
        int appStatus = -1;
        boolean finished;
        String disorder;

        private void check(boolean holds, String what) {
            if (!holds) {
                disorder = what;
            }
        }

        @Override
        public void onHead(ResponseHead received) {
            check(head == null && !over.isDone(), "head");
            head = received;
        }

        @Override
        public void onBody(ByteBuf in, int length) {
            check(head != null && !finished && !over.isDone() && length > 0, "body");
            byte[] bytes = new byte[length];
            in.getBytes(in.readerIndex(), bytes);
            body.writeBytes(bytes);
        }

        @Override
        public void onReadComplete() {
            check(!finished && !over.isDone(), "read complete");
        }

        @Override
        public void onStderr(String message) {
            check(!over.isDone(), "stderr");
            stderr.add(message);
        }

        @Override
        public void onFinished() {
            check(head != null && !finished && !over.isDone(), "finished");
            finished = true;
        }

        @Override
        public void onEnd(int status) {
            check(head != null && !over.isDone(), "end");
            appStatus = status;
            over.complete(null);
        }

        @Override
        public void onFailure(ExchangeFailure failure) {
            check(!over.isDone(), "failure");
            over.complete(failure);
        }

        ExchangeFailure await() throws Exception {
            ExchangeFailure failure = over.get(20, TimeUnit.SECONDS);
            assertNull(disorder);
            return failure;
        }
    }

    private void connect(ScriptedPeer.Script script) throws Exception {
        peer = ScriptedPeer.start(directory, script);
        FcgiConnection.connect(loop, peer.socket(), 4096, MARK, requester);
        connection = requester.connected.get(10, TimeUnit.SECONDS);
    }

    private void on(Runnable task) throws Exception {
        loop.submit(task).get(10, TimeUnit.SECONDS);
    }

    private <T> T on(Callable<T> task) throws Exception {
        return loop.submit(task).get(10, TimeUnit.SECONDS);
    }

    private ByteBuf request(boolean withoutBody) {
        Params params = new Params();
        params.begin();
        params.add("REQUEST_METHOD", "GET");
        ByteBuf request = params.finish(PooledByteBufAllocator.DEFAULT, withoutBody);
        requests.add(request);
        return request;
    }

    private <E extends Exchange> E start(Stdin body, E exchange) throws Exception {
        ByteBuf request = request(body == null);
        on(() -> connection.exchange(request, body, exchange));
        return exchange;
    }

    private Exchange start(Stdin body) throws Exception {
        return start(body, new Exchange());
    }

    private void failsWith(Class<? extends ExchangeFailure> failure, ScriptedPeer.Script script) throws Exception {
        connect(script);
        Exchange exchange = start(null);
        assertInstanceOf(failure, exchange.await());
        requester.closed.get(10, TimeUnit.SECONDS);
        assertFalse(on(connection::isOpen));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] digest(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    @Test
    void deliversAnAnswer() throws Exception {
        connect(line -> line.answerAll(Wire.join(
                Wire.stderr("a notice\n"),
                Wire.stdout("Status: 201 Created\r\nX-A: b\r\n\r\nHello"),
                Wire.record(1, 6, 1, 3, ", world".getBytes()),
                Wire.end(7, 0))));
        Exchange exchange = start(null);
        assertNull(exchange.await());
        assertEquals(201, exchange.head.status());
        assertEquals("b", exchange.head.first("X-A"));
        assertEquals("Hello, world", exchange.body.toString());
        assertEquals(List.of("a notice"), exchange.stderr);
        assertEquals(7, exchange.appStatus);
        assertTrue(on(connection::isOpen));
        assertTrue(requester.in.get() > 50 && requester.out.get() > 20);
    }

    @Test
    void carriesManyExchangesOneAfterAnother() throws Exception {
        connect(line -> line.answerAll(Wire.answer("x".repeat(3_000))));
        CompletableFuture<Void> all = new CompletableFuture<>();
        class Next extends Exchange {
            private final int left;

            Next(int left) {
                this.left = left;
            }

            @Override
            public void onEnd(int status) {
                if (body.size() != 3_000) {
                    all.completeExceptionally(new AssertionError(body.size()));
                } else if (left == 0) {
                    all.complete(null);
                } else {
                    connection.exchange(request(true), null, new Next(left - 1));
                }
            }
        }
        start(null, new Next(500));
        all.get(20, TimeUnit.SECONDS);
        assertEquals(1, peer.connections());
    }

    @Test
    void tellsThatTheAnswerIsCompleteAndDropsWhatFollows() throws Exception {
        connect(line -> line.answerAll(Wire.join(
                Wire.stdout("X-A: b\r\n\r\nHello"),
                Wire.stderr("PHP message: a; PHP message: relais-finish nonce"),
                Wire.stdout("dropped"),
                Wire.stderr("; PHP message: b"),
                Wire.stderr("; PHP message: relais-finish nonce"),
                Wire.end(0, 0))));
        for (int i = 0; i < 2; i++) {
            Exchange exchange = start(null);
            assertNull(exchange.await());
            assertTrue(exchange.finished);
            assertEquals("Hello", exchange.body.toString());
            assertEquals(List.of("PHP message: a", "; PHP message: b"), exchange.stderr);
        }
        assertTrue(on(connection::isOpen));
    }

    @Test
    void dropsTheBodyThatOnlyForcedTheHead() throws Exception {
        connect(line -> line.answerAll(Wire.join(
                Wire.stdout("Status: 303 See Other\r\nRelais-Finish: nonce\r\nLocation: /x\r\n\r\n\n"),
                Wire.stderr("PHP message: relais-finish nonce"),
                Wire.end(0, 0))));
        Exchange exchange = start(null);
        assertNull(exchange.await());
        assertTrue(exchange.finished);
        assertEquals(List.of("Location", "/x"), exchange.head.fields());
        assertEquals(0, exchange.body.size());
        assertEquals(List.of(), exchange.stderr);
    }

    @Test
    void takesNoMarkWithAnotherNonceAndNoneBeforeTheHead() throws Exception {
        connect(line -> line.answerAll(Wire.join(
                Wire.stderr("PHP message: relais-finish nonce"),
                Wire.stdout("Relais-Finish: other\r\n\r\nHello"),
                Wire.stderr("PHP message: relais-finish other"),
                Wire.stdout(", world"),
                Wire.end(0, 0))));
        Exchange exchange = start(null);
        assertNull(exchange.await());
        assertFalse(exchange.finished);
        assertEquals("other", exchange.head.first("Relais-Finish"));
        assertEquals("Hello, world", exchange.body.toString());
        assertEquals(List.of("PHP message: relais-finish other"), exchange.stderr);
    }

    @Test
    void refusesASecondExchangeAndReleasesItsRequest() throws Exception {
        connect(ScriptedPeer.Line::awaitClose);
        Exchange running = start(null);
        ByteBuf second = request(true);
        on(() -> assertThrows(IllegalStateException.class, () -> connection.exchange(second, null, new Exchange())));
        assertEquals(0, second.refCnt());
        on(connection::close);
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, running.await());
    }

    @Test
    void tellsWhenNobodyListens() {
        FcgiConnection.connect(loop, directory.resolve("none.sock"), 4096, MARK, requester);
        assertThrows(Exception.class, () -> requester.connected.get(10, TimeUnit.SECONDS));
    }

    @Test
    void tellsItsOwnerFirstOfTheConnectionThenOfItsEnd() throws Exception {
        connect(line -> {});
        requester.closed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void failsWhenThePeerClosesAtOnce() throws Exception {
        failsWith(ExchangeFailure.ConnectionLost.class, ScriptedPeer.Line::readParams);
    }

    private boolean started(Exchange exchange) throws Exception {
        return assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await())
                .started();
    }

    @Test
    void theScriptDidNotStartWhenThePeerWasGoneBeforeTheRequest() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        connect(line -> ScriptedPeer.await(gone));
        ByteBuf request = request(true);
        Exchange exchange = new Exchange();
        on(() -> {
            gone.countDown();
            Awaitility.await().until(() -> peer.connections() == 0); // which the channel cannot hear of meanwhile
            connection.exchange(request, null, exchange);
            return null;
        });
        assertFalse(started(exchange));
    }

    /** More than the socket takes at once. */
    @Test
    void theScriptDidNotStartWhenThePeerClosesInTheMiddleOfTheParams() throws Exception {
        connect(line -> line.readBytes(100));
        Exchange exchange = new Exchange();
        Params params = new Params();
        params.begin();
        for (int i = 0; i < 40; i++) {
            params.add("HTTP_X_" + i, "x".repeat(60_000));
        }
        on(() -> {
            connection.exchange(params.finish(PooledByteBufAllocator.DEFAULT, true), null, exchange);
            return null;
        });
        assertFalse(started(exchange));
    }

    @Test
    void theScriptMayHaveStartedOnceThePeerCouldReadAllParams() throws Exception {
        connect(ScriptedPeer.Line::readParams);
        assertTrue(started(start(null)));
    }

    @Test
    void theScriptMayHaveStartedThoughItsBodyWasNotRead() throws Exception {
        connect(ScriptedPeer.Line::readParams);
        assertTrue(started(start(new Bytes(random(8 * MEGABYTE)))));
    }

    @Test
    void failsWhenThePeerClosesInTheHead() throws Exception {
        failsWith(ExchangeFailure.ConnectionLost.class, line -> {
            line.readRequest();
            line.write(Wire.stdout("Content-type: te"));
        });
    }

    @Test
    void failsWhenThePeerClosesInTheMiddleOfARecord() throws Exception {
        for (int cut : new int[] {1, 7, 8, 9, 40, 50, 56}) {
            byte[] part = java.util.Arrays.copyOf(Wire.answer("Hello"), cut);
            ScriptedPeer one = ScriptedPeer.start(directory, line -> {
                line.readRequest();
                line.write(part);
            });
            CompletableFuture<FcgiConnection> opened = new CompletableFuture<>();
            Exchange exchange = new Exchange();
            FcgiConnection.connect(loop, one.socket(), 4096, MARK, new Forward(opened));
            FcgiConnection cutOff = opened.get(10, TimeUnit.SECONDS);
            on(() -> cutOff.exchange(request(true), null, exchange));
            assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await());
            one.close();
        }
    }

    private record Forward(CompletableFuture<FcgiConnection> opened) implements FcgiConnection.Owner {
        @Override
        public void connected(FcgiConnection connection) {
            opened.complete(connection);
        }

        @Override
        public void connectFailed(Throwable cause) {
            opened.completeExceptionally(cause);
        }

        @Override
        public void closed(FcgiConnection connection) {}

        @Override
        public void transferred(int bytesIn, int bytesOut) {}
    }

    @Test
    void endsWellWhenThePeerClosesRightAfterEndRequest() throws Exception {
        connect(line -> {
            line.readRequest();
            line.write(Wire.answer("bye"));
        });
        Exchange exchange = start(null);
        assertNull(exchange.await());
        assertEquals("bye", exchange.body.toString());
        requester.closed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void waitsForAPeerThatStallsUntilItIsClosed() throws Exception {
        CountDownLatch stalled = new CountDownLatch(1);
        connect(line -> {
            line.readRequest();
            line.write(Wire.stdout("A: b\r\n\r\nfirst"));
            stalled.countDown();
            line.awaitClose();
        });
        Exchange exchange = start(null);
        ScriptedPeer.await(stalled);
        assertFalse(exchange.over.isDone());
        on(connection::close);
        on(connection::close);
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await());
    }

    @Test
    void endsOnlyWhenThePaddingOfEndRequestHasCome() throws Exception {
        CountDownLatch padding = new CountDownLatch(1);
        byte[] end = Wire.record(1, 3, 1, 8, Wire.endBody(0, 0));
        connect(line -> {
            line.readRequest();
            line.write(Wire.stdout("A: b\r\n\r\n"));
            line.write(java.util.Arrays.copyOf(end, 16));
            ScriptedPeer.await(padding);
            line.write(new byte[8]);
            line.answerAll(Wire.answer("second"));
        });
        Exchange exchange = start(null);
        Awaitility.await().until(() -> requester.in.get() == 8 + 8 + 16);
        assertFalse(exchange.over.isDone());
        padding.countDown();
        assertNull(exchange.await());
        assertNull(start(null).await());
    }

    @Test
    void boundsAFloodOfStderr() throws Exception {
        byte[] flood = Wire.record(1, 7, 1, 0, random(65_535));
        connect(line -> {
            line.readRequest();
            for (int i = 0; i < 200; i++) {
                line.write(flood);
            }
            line.write(Wire.answer("done"));
            line.awaitClose();
        });
        Exchange exchange = start(null);
        assertNull(exchange.await());
        assertEquals("done", exchange.body.toString());
        assertTrue(exchange.stderr.size() <= 9, () -> exchange.stderr.size() + " messages");
    }

    @Test
    void refusesBytesThatAreNoFastCgi() throws Exception {
        failsWith(ExchangeFailure.BrokenProtocol.class, line -> {
            line.readRequest();
            line.write("HTTP/1.1 200 OK\r\n\r\n".getBytes());
            line.awaitClose();
        });
    }

    @Test
    void refusesTheAnswerOfAnotherRequest() throws Exception {
        failsWith(ExchangeFailure.BrokenProtocol.class, line -> {
            line.readRequest();
            line.write(Wire.record(1, 6, 2, 0, "A: b\r\n\r\n".getBytes()));
            line.awaitClose();
        });
    }

    @Test
    void refusesBytesAfterEndRequest() throws Exception {
        failsWith(ExchangeFailure.BrokenProtocol.class, line -> {
            line.readRequest();
            line.write(Wire.join(Wire.answer("x"), Wire.answer("a forged second answer")));
            line.awaitClose();
        });
    }

    @Test
    void refusesAnEmptyRecordAfterEndRequest() throws Exception {
        failsWith(ExchangeFailure.BrokenProtocol.class, line -> {
            line.readRequest();
            line.write(Wire.join(Wire.answer("x"), Wire.stdout("")));
            line.awaitClose();
        });
    }

    @Test
    void refusesAProtocolStatus() throws Exception {
        failsWith(ExchangeFailure.BrokenProtocol.class, line -> {
            line.readRequest();
            line.write(Wire.join(Wire.stdout("A: b\r\n\r\n"), Wire.end(0, 2)));
            line.awaitClose();
        });
    }

    @Test
    void refusesAnEndWithoutAHead() throws Exception {
        failsWith(ExchangeFailure.InvalidHead.class, line -> {
            line.readRequest();
            line.write(Wire.end(0, 0));
            line.awaitClose();
        });
    }

    @Test
    void refusesAnInvalidHead() throws Exception {
        failsWith(ExchangeFailure.InvalidHead.class, line -> {
            line.readRequest();
            line.write(Wire.join(Wire.stdout("<b>Warning</b>: no field\r\n\r\nbody"), Wire.end(0, 0)));
            line.awaitClose();
        });
    }

    @Test
    void refusesAHeadOverTheLimit() throws Exception {
        failsWith(ExchangeFailure.InvalidHead.class, line -> {
            line.readRequest();
            line.write(Wire.stdout("A: " + "x".repeat(5_000)));
            line.awaitClose();
        });
    }

    @Test
    void closesWhenAnIdlePeerSpeaks() throws Exception {
        connect(line -> {
            line.readRequest();
            line.write(Wire.answer("x"));
            line.readRequest();
            line.write(Wire.answer("y"));
            line.write(Wire.stdout("unasked"));
            line.awaitClose();
        });
        assertNull(start(null).await());
        start(null).await(); // the rest may come in the same read or in a later one
        requester.closed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void refusesAnEndBeforeTheBodyWasRead() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        connect(line -> {
            line.readParams();
            line.write(Wire.answer("too early"));
            ScriptedPeer.await(over);
        });
        Exchange exchange = start(new Bytes(random(8 * MEGABYTE)));
        // The body cannot all be written: the peer reads none of it before its answer, and the loop sees that first or
        // a full socket.
        assertInstanceOf(ExchangeFailure.BrokenProtocol.class, exchange.await());
    }

    @Test
    void refusesAnEndBeforeABodyFromAFileWasRead() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        connect(line -> {
            line.readParams();
            line.write(Wire.answer("too early"));
            ScriptedPeer.await(over);
        });
        // Small enough to be queued whole at once.
        Path path = Files.write(directory.resolve("body"), random(8 * MEGABYTE));
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            Exchange exchange = start(new Regions(file, 8 * MEGABYTE));
            assertInstanceOf(ExchangeFailure.BrokenProtocol.class, exchange.await());
            over.countDown();
        }
    }

    private static final class Bytes implements Stdin {
        private final ByteBuf bytes;

        Bytes(byte[] bytes) {
            this.bytes = Unpooled.wrappedBuffer(bytes);
        }

        @Override
        public long length() {
            return bytes.readableBytes();
        }

        @Override
        public Object next(int length) {
            return bytes.readRetainedSlice(length);
        }
    }

    private void takesABody(Stdin stdin, byte[] body) throws Exception {
        CompletableFuture<byte[]> arrived = new CompletableFuture<>();
        CountDownLatch read = new CountDownLatch(1);
        connect(line -> {
            line.readParams();
            ScriptedPeer.await(read);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] piece = line.readStdin(); piece.length > 0; piece = line.readStdin()) {
                digest.update(piece);
            }
            arrived.complete(digest.digest());
            line.write(Wire.answer("taken"));
            line.awaitClose();
        });
        Exchange exchange = start(stdin);
        long before = requester.out.get();
        assertTrue(before < 32 * MEGABYTE, () -> "a peer that reads nothing was sent " + before);
        read.countDown();
        assertNull(exchange.await());
        assertArrayEquals(digest(body), arrived.get(10, TimeUnit.SECONDS));
        assertEquals(body.length, requester.out.get() - sizeOfRequest());
    }

    private int sizeOfRequest() {
        ByteBuf again = request(false);
        int size = again.readableBytes();
        again.release();
        return size;
    }

    @Test
    void sendsALargeBodyFromMemoryAsThePeerTakesIt() throws Exception {
        byte[] body = random(40 * MEGABYTE);
        Bytes stdin = new Bytes(body);
        takesABody(stdin, body);
        assertEquals(1, stdin.bytes.refCnt());
    }

    @Test
    void sendsALargeBodyFromAFileAsThePeerTakesIt() throws Exception {
        byte[] body = random(48 * MEGABYTE + 1);
        Path path = Files.write(directory.resolve("body"), body);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            takesABody(new Regions(file, body.length), body);
        }
    }

    private static final class Regions implements Stdin {
        private final FileChannel file;
        private final long length;
        private long position;

        Regions(FileChannel file, long length) {
            this.file = file;
            this.length = length;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public Object next(int bytes) {
            position += bytes;
            return new DefaultFileRegion(file, position - bytes, bytes) {
                @Override
                protected void deallocate() {}
            };
        }
    }

    @Test
    void sendsBodiesOfAllSizesAroundARecord() throws Exception {
        connect(line -> line.answerAll(Wire.answer("ok")));
        for (int size : new int[] {0, 1, 65_527, 65_528, 65_529, 131_056, 131_057}) {
            assertNull(start(new Bytes(random(size))).await());
        }
    }

    @Test
    void failsWhenTheFileIsShorterThanItsLength() throws Exception {
        connect(ScriptedPeer.Line::awaitClose);
        Path path = Files.write(directory.resolve("body"), random(1_000));
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            assertInstanceOf(
                    ExchangeFailure.ConnectionLost.class,
                    start(new Regions(file, 200_000)).await());
        }
    }

    @Test
    void failsOnceWhenThePeerClosesWhileABodyIsSent() throws Exception {
        connect(line -> {
            line.readParams();
            line.readStdin();
        });
        Bytes stdin = new Bytes(random(16 * MEGABYTE));
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, start(stdin).await());
        requester.closed.get(10, TimeUnit.SECONDS);
        assertEquals(1, stdin.bytes.refCnt());
    }

    @Test
    void failsOnceWhenClosedWhileABodyIsSent() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        connect(line -> {
            line.readParams();
            begun.countDown();
            ScriptedPeer.await(over);
        });
        Bytes stdin = new Bytes(random(16 * MEGABYTE));
        Exchange exchange = start(stdin);
        ScriptedPeer.await(begun);
        on(connection::close);
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await());
        requester.closed.get(10, TimeUnit.SECONDS);
        assertEquals(1, stdin.bytes.refCnt());
        over.countDown();
    }

    @Test
    void failsOnceWhenItsListenerClosesItInTheMiddleOfARead() throws Exception {
        connect(line -> {
            line.readParams();
            line.write(Wire.join(
                    Wire.stdout("A: b\r\n\r\nfirst"), Wire.stdout("second"), Wire.stderr("e"), Wire.end(0, 0)));
            line.awaitClose();
        });
        class Closing extends Exchange {
            @Override
            public void onHead(ResponseHead received) {
                super.onHead(received);
                connection.close();
            }
        }
        // A body, so that writes are pending which the close fails within the call.
        Bytes stdin = new Bytes(random(MEGABYTE * 8));
        Closing exchange = start(stdin, new Closing());
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await());
        requester.closed.get(10, TimeUnit.SECONDS);
        assertEquals(1, stdin.bytes.refCnt());
    }

    @Test
    void doesNotEndWellAfterItWasClosedInThatRead() throws Exception {
        connect(line -> line.answerAll(Wire.answer("x")));
        Exchange exchange = start(null, new Exchange() {
            @Override
            public void onHead(ResponseHead received) {
                super.onHead(received);
                connection.close();
            }
        });
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await());
    }

    @Test
    void closesWhenAListenerThrows() throws Exception {
        connect(line -> line.answerAll(Wire.answer("x")));
        Exchange exchange = start(null, new Exchange() {
            @Override
            public void onHead(ResponseHead received) {
                throw new IllegalArgumentException("a head that HTTP cannot say");
            }
        });
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await());
        requester.closed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void blocksThePeerWhileReadingIsPausedAndDeliversAllAfterwards() throws Exception {
        byte[] record = Wire.record(1, 6, 1, 0, random(65_535));
        AtomicLong written = new AtomicLong();
        connect(line -> {
            line.readRequest();
            line.write(Wire.stdout("A: b\r\n\r\n"));
            for (int i = 0; i < 400; i++) {
                line.write(record);
                written.incrementAndGet();
            }
            line.write(Wire.end(0, 0));
            line.answerAll(Wire.answer("x"));
        });
        CompletableFuture<Void> paused = new CompletableFuture<>();
        AtomicLong received = new AtomicLong();
        Exchange exchange = start(null, new Exchange() {
            @Override
            public void onHead(ResponseHead received) {
                super.onHead(received);
                connection.pauseReading();
                connection.pauseReading();
                paused.complete(null);
            }

            @Override
            public void onBody(ByteBuf in, int length) {
                received.addAndGet(length);
            }
        });
        paused.get(10, TimeUnit.SECONDS);
        // Blocked: what it has written stays the same over many looks.
        long[] last = {-1, 0};
        Awaitility.await().pollInterval(20, TimeUnit.MILLISECONDS).until(() -> {
            last[1] = last[0] == written.get() ? last[1] + 1 : 0;
            last[0] = written.get();
            return last[1] == 10;
        });
        assertTrue(written.get() < 40, () -> written + " records of 400");
        assertTrue(received.get() < 4 * MEGABYTE);
        on(connection::resumeReading);
        assertNull(exchange.await());
        assertEquals(400L * 65_535, received.get());
        assertNull(start(null).await());
    }

    @Test
    void readsTheNextExchangeThoughTheLastOneWasPausedAtItsEnd() throws Exception {
        connect(line -> line.answerAll(Wire.answer("x")));
        Exchange first = start(null, new Exchange() {
            @Override
            public void onBody(ByteBuf in, int length) {
                super.onBody(in, length);
                connection.pauseReading();
            }
        });
        assertNull(first.await());
        assertNull(start(null).await());
    }
}
