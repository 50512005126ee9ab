package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import io.netty.buffer.ByteBuf;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Request bodies on their way to the peer. */
class FcgiBodyTest extends FcgiConnectionFixture {
    FcgiBodyTest(Transport transport) {
        super(transport);
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
        RecordedExchange exchange = start(stdin);
        long before = owner.out.get();
        assertTrue(before < 32 * MEGABYTE, () -> "a peer that reads nothing was sent " + before);
        read.countDown();
        assertNull(exchange.await());
        assertArrayEquals(digest(body), arrived.get(Patience.SECONDS, TimeUnit.SECONDS));
        assertEquals(body.length, owner.out.get() - sizeOfRequest());
    }

    private int sizeOfRequest() {
        ByteBuf again = request(false);
        int size = again.readableBytes();
        again.release();
        return size;
    }

    private static byte[] digest(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    @Test
    void sendsALargeBodyFromMemoryAsThePeerTakesIt() throws Exception {
        byte[] body = random(40 * MEGABYTE);
        BytesStdin stdin = new BytesStdin(body);
        takesABody(stdin, body);
        assertEquals(1, stdin.bytes.refCnt());
    }

    @Test
    void sendsALargeBodyFromAFileAsThePeerTakesIt() throws Exception {
        byte[] body = random(48 * MEGABYTE + 1);
        Path path = Files.write(directory.resolve("body"), body);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            takesABody(new FileStdin(file, body.length), body);
        }
    }

    @Test
    void sendsBodiesOfAllSizesAroundARecord() throws Exception {
        connect(line -> line.answerAll(Wire.answer("ok")));
        for (int size : new int[] {0, 1, 65_527, 65_528, 65_529, 131_056, 131_057}) {
            assertNull(start(new BytesStdin(random(size))).await());
        }
    }

    @Test
    void failsWhenTheFileIsShorterThanItsLength() throws Exception {
        connect(ScriptedPeer.Line::awaitClose);
        Path path = Files.write(directory.resolve("body"), random(1_000));
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            assertInstanceOf(
                    ExchangeFailure.ConnectionLost.class,
                    start(new FileStdin(file, 200_000)).await());
        }
    }

    @Test
    void failsOnceWhenThePeerClosesWhileABodyIsSent() throws Exception {
        connect(line -> {
            line.readParams();
            line.readStdin();
        });
        BytesStdin stdin = new BytesStdin(random(16 * MEGABYTE));
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, start(stdin).await());
        owner.awaitClosed();
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
        BytesStdin stdin = new BytesStdin(random(16 * MEGABYTE));
        RecordedExchange exchange = start(stdin);
        ScriptedPeer.await(begun);
        on(connection::close);
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, exchange.await());
        owner.awaitClosed();
        assertEquals(1, stdin.bytes.refCnt());
        over.countDown();
    }

    /** The peer answers first, and takes no more than a socket does. */
    private void isNotTaken(Stdin body) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        connect(line -> {
            line.readParams();
            line.write(Wire.answer("too early"));
            ScriptedPeer.await(over);
        });
        assertInstanceOf(ExchangeFailure.BrokenProtocol.class, start(body).await());
        over.countDown();
    }

    @Test
    void refusesAnEndBeforeTheBodyWasRead() throws Exception {
        isNotTaken(new BytesStdin(random(8 * MEGABYTE)));
    }

    /** Small enough to be queued whole at once. */
    @Test
    void refusesAnEndBeforeABodyFromAFileWasRead() throws Exception {
        Path path = Files.write(directory.resolve("body"), random(8 * MEGABYTE));
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            isNotTaken(new FileStdin(file, 8 * MEGABYTE));
        }
    }
}
