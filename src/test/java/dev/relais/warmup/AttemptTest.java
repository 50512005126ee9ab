package dev.relais.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AttemptTest {
    private static final byte[] REQUEST = {'G'};

    private final AtomicInteger ends = new AtomicInteger();
    private final Attempt attempt = new Attempt(ends::incrementAndGet);

    @Test
    void itIsOverWhenItsTaskIs() {
        assertTrue(attempt.run(() -> assertFalse(attempt.isOver())));

        assertTrue(attempt.isOver());
        attempt.end();
        assertEquals(1, ends.get());
    }

    @Test
    void itIsOverWhenItsTaskThrows() {
        assertThrows(
                IllegalStateException.class,
                () -> attempt.run(() -> {
                    throw new IllegalStateException();
                }));
        assertEquals(1, ends.get());
    }

    @Test
    void itIsOverWhenItsTaskThrowsAnError() {
        assertThrows(
                OutOfMemoryError.class,
                () -> attempt.run(() -> {
                    throw new OutOfMemoryError("unable to create native thread");
                }));
        assertEquals(1, ends.get());
    }

    @Test
    void itIsOverThoughItsThreadHasNeverCome() {
        attempt.end();
        assertEquals(1, ends.get());

        assertFalse(attempt.run(() -> {
            throw new AssertionError("too late");
        }));
        assertEquals(1, ends.get());
    }

    @Test
    void itIsOverThoughItsTaskDoesNotEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Thread thread = start(() -> {
            begun.countDown();
            boolean done = false;
            while (!done) { // it does not care for an interrupt
                try {
                    released.await();
                    done = true;
                } catch (InterruptedException e) {
                    done = false;
                }
            }
        });
        begun.await();
        attempt.interrupt();
        assertEquals(1, ends.get());
        assertTrue(thread.isAlive());
        released.countDown();
        thread.join();
        assertEquals(1, ends.get());
    }

    /** As when its answers never come: the thread goes, too. */
    @Test
    void whatWaitsForASocketIsInterrupted() throws Exception {
        try (ServerSocketChannel silent =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            InetSocketAddress address = (InetSocketAddress) silent.getLocalAddress();
            CountDownLatch asks = new CountDownLatch(1);
            Thread thread = start(() -> {
                try (LoopbackClients clients = new LoopbackClients(address, 3, "end")) {
                    asks.countDown();
                    clients.ask(REQUEST);
                } catch (IOException e) {
                    return;
                }
            });
            asks.await();
            attempt.interrupt();
            thread.join();
        }
    }

    @Test
    void noInterruptIsLeftToWhatTheThreadDoesNext() throws Exception {
        AtomicBoolean left = new AtomicBoolean(true);
        Thread thread = new Thread(() -> {
            attempt.run(attempt::interrupt); // which interrupts, and nothing waits
            left.set(Thread.currentThread().isInterrupted());
        });
        thread.start();
        thread.join();
        assertFalse(left.get());
    }

    private Thread start(Runnable task) {
        Thread thread = new Thread(() -> attempt.run(task));
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
