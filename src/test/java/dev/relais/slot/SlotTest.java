package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.RecordedExchange;
import dev.relais.fastcgi.ScriptedPeer;
import dev.relais.fastcgi.Wire;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The life of a slot, from the proof through its exchanges to the end. */
class SlotTest extends SlotFixture {
    @Test
    void servesOnceItIsProven() throws Exception {
        attach();
        assertEquals(php.pid(), slot.pid());
        assertEquals(1, worker.proven());
        assertEquals(1, serving.get());
        assertEquals(1, worker.busy());
        for (int i = 0; i < 10; i++) {
            serves();
        }
        assertEquals(10, slot.exchanges());
        assertEquals(0, slot.failures());
        assertTrue(slot.bytesIn() > 0 && slot.bytesOut() > 0 && slot.relativeLatencySum() > 0);
    }

    @Test
    void isNoCapacityBeforeItsProofIsAnswered() throws Exception {
        mayProve.drainPermits();
        renewProcess();
        CountDownLatch connected = new CountDownLatch(1);
        peer = ScriptedPeer.start(directory, line -> {
            line.readRequest();
            connected.countDown();
            mayProve.acquire();
            line.answer(Wire.answer(Long.toString(php.pid())));
            line.awaitClose();
        });
        worker.attach(peer.socket());
        ScriptedPeer.await(connected);
        assertFalse(worker.serving());
        assertNull(worker.tryClaim(0));
        mayProve.release();
        awaitFreed();
    }

    @Test
    void triesAgainWhenTheProofIsNoNumberOrNobodyListens() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        renewProcess();
        Path socket = directory.resolve("peer.sock");
        worker.attach(socket);
        peer = ScriptedPeer.start(directory, line -> {
            String[] wrong = {"", "x", "12x", "99999999999", "0", "Warning: 1"};
            int number = connections.getAndIncrement();
            line.readRequest();
            line.answer(Wire.answer(number < wrong.length ? wrong[number] : Long.toString(php.pid())));
            line.awaitClose();
        });
        awaitFreed();
        assertEquals(7, connections.get());
    }

    /** With one child to a worker, the age of the exchange before once looked like a stall. */
    @Test
    void hasAnAgeOnlyWhileItRunsAnExchange() throws Exception {
        attach();
        serves();
        long later = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
        assertEquals(-1, slot.relativeAge(later), "it is claimed, and its exchange has not begun");
        stall(60_000);
        assertTrue(slot.relativeAge(later) > 1);
    }

    @Test
    void letsARunningExchangeEndWhenDetached() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        attach(line -> {
            prove(line);
            line.readRequest();
            ScriptedPeer.await(mayEnd);
            line.answer(Wire.answer("late"));
            line.awaitClose();
        });
        RecordedExchange answer = new RecordedExchange();
        assertTrue(on(() -> exchange(answer, 10_000)));
        worker.detach(true);
        on(() -> null);
        assertFalse(answer.isOver());
        mayEnd.countDown();
        assertNull(answer.await());
        Awaitility.await().until(() -> worker.proven() == 0);
        assertTrue(freed.isEmpty());
    }
}
