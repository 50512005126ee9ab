package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.Params;
import dev.relais.fastcgi.RecordedExchange;
import dev.relais.fastcgi.ScriptedPeer;
import dev.relais.fastcgi.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What becomes of requests while a worker has to be told of changed code. */
class NoticesTest extends SlotFixture {
    private final List<String> served = new CopyOnWriteArrayList<>();
    private final Semaphore mayAnswer = new Semaphore(0);
    private final Semaphore mayTake = new Semaphore(1_000); // notices
    private final AtomicInteger dying = new AtomicInteger(); // so many of the next notices end their child

    private record Named(String name) implements Notice {
        @Override
        public ByteBuf request() {
            Params params = new Params();
            params.begin();
            params.add("SCRIPT_FILENAME", "/notice-" + name + ";");
            return params.finish(UnpooledByteBufAllocator.DEFAULT, true);
        }

        @Override
        public boolean isTaken(String reply) {
            return reply.equals("taken");
        }

        @Override
        public Notice with(Notice later) {
            return new Named(name + "+" + ((Named) later).name);
        }
    }

    private void attachPeer() throws Exception {
        attach(line -> {
            while (true) {
                ScriptedPeer.Line.Request request = line.readRequest();
                if (request.has("/proof.php")) {
                    mayProve.acquire();
                    line.answer(Wire.answer(Long.toString(php.pid())));
                } else if (request.has("/notice-")) {
                    String text = new String(request.params(), java.nio.charset.StandardCharsets.ISO_8859_1);
                    served.add(text.substring(text.indexOf("/notice-") + 8, text.indexOf(';')));
                    if (dying.getAndDecrement() > 0) {
                        return;
                    }
                    mayTake.acquire();
                    line.answer(Wire.answer("taken"));
                } else {
                    served.add("function");
                    mayAnswer.acquire();
                    line.answer(Wire.answer("served"));
                }
            }
        });
    }

    private RecordedExchange begin() throws Exception {
        RecordedExchange answer = new RecordedExchange();
        assertTrue(on(() -> exchange(answer, 30_000)));
        Awaitility.await().until(() -> served.contains("function"));
        return answer;
    }

    @Test
    void aFreeChildIsToldAtOnceAndThenOfferedToAll() throws Exception {
        attachPeer();
        assertTrue(on(slot::release));
        worker.tell(new Named("a"));
        awaitFreed();
        assertEquals(List.of("a"), served);
        assertTrue(on(slot::release));
        assertEquals(slot, worker.tryClaim(0));
    }

    @Test
    void aFreeChildCountsAsHeldUntilItHasBeenTold() throws Exception {
        attachPeer();
        assertEquals(0, worker.heldForNotice());
        assertTrue(on(slot::release));
        mayTake.drainPermits();
        worker.tell(new Named("a"));
        assertTrue(worker.heldForNotice() > 0);
        Awaitility.await().until(() -> served.contains("a"));
        Awaitility.await().until(() -> worker.heldForNotice() == 1); // for an instant it counts on its way and as told
        mayTake.release();
        awaitFreed();
        assertEquals(0, worker.heldForNotice());
    }

    @Test
    void aBusyChildIsToldBeforeItServesAgainAndUntilThenNobodyClaims() throws Exception {
        attachPeer();
        RecordedExchange answer = begin();
        worker.tell(new Named("a"));
        worker.tell(new Named("b"));
        assertNull(worker.tryClaim(0));
        assertFalse(worker.hasFree());
        assertEquals(0, worker.heldForNotice(), "it is held by what runs");
        assertTrue(freed.isEmpty());
        mayAnswer.release();
        assertNull(answer.await());
        awaitFreed();
        assertEquals(List.of("function", "a+b"), served);
    }

    @Test
    void aChildThatDiesOfItLeavesTheNoticeToTheNext() throws Exception {
        attachPeer();
        dying.set(2);
        assertTrue(on(slot::release));
        worker.tell(new Named("a"));
        awaitFreed();
        assertEquals(List.of("a", "a", "a"), served);
        assertEquals(0, crashes.get());
    }

    @Test
    void aNoticeThatNoChildTakesIsGivenUp() throws Exception {
        attachPeer();
        dying.set(Notices.TRIES);
        assertTrue(on(slot::release));
        worker.tell(new Named("a"));
        awaitFreed();
        assertEquals(Notices.TRIES, served.size());
        worker.tell(new Named("b"));
        assertTrue(on(slot::release)); // of a test that has it
        awaitFreed();
        assertEquals("b", served.get(Notices.TRIES));
    }

    @Test
    void aWorkerWithoutChildrenIsToldByItsFirstOne() throws Exception {
        worker.tell(new Named("a"));
        attachPeer();
        assertEquals(List.of("a"), served);
    }

    /** A claim that was made before goes on, and what it leaves is not lost. */
    @Test
    void aSlotThatIsReleasedWhileANoticeIsDueIsToldAndOffered() throws Exception {
        attachPeer(); // the slot is the test's
        worker.tell(new Named("a"));
        assertTrue(served.isEmpty());
        assertTrue(on(slot::release));
        awaitFreed();
        assertEquals(List.of("a"), served);
        assertNull(freed.poll(20, TimeUnit.MILLISECONDS));
    }
}
