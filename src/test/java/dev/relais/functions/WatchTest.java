package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread looks when it was asked and when its interval is over, and at no other time. */
@Timeout(60)
class WatchTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final AtomicInteger looks = new AtomicInteger();
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile Thread thread; // that looks
    private Watch watch;

    @AfterEach
    void stop() {
        watch.stop();
    }

    @Test
    void beingAskedInTheMiddleOfALookGivesOneMoreLookAndNoThird() throws Exception {
        for (int round = 0; round < 200; round++) { // each with another race of the question and the look's end
            AtomicInteger seen = new AtomicInteger();
            watch = new Watch(always -> look(seen), LONG, System::nanoTime);
            watch.start();
            wait(watch.ask());
            int answered = seen.get();
            awaitPause();
            assertEquals(answered, seen.get(), "nobody asked for this look");
            watch.stop();
        }
    }

    @Test
    void isAskedDuringALook() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        watch = new Watch(
                always -> {
                    look(looks);
                    first.countDown();
                    await(asked);
                },
                LONG,
                System::nanoTime);
        watch.start();
        await(first);
        CompletableFuture<Void> answer = watch.ask();
        assertEquals(answer, watch.ask(), "callers share the look that has not begun");
        asked.countDown();

        wait(answer);
        awaitPause();

        assertEquals(2, looks.get());
    }

    @Test
    void whatInterruptsItDoesNotEndIt() throws Exception {
        LinkedBlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        watch = new Watch(always -> threads.add(Thread.currentThread()), LONG, System::nanoTime);
        watch.start();
        Thread thread = threads.poll(Patience.SECONDS, TimeUnit.SECONDS);

        thread.interrupt();

        assertEquals(thread, threads.poll(Patience.SECONDS, TimeUnit.SECONDS));
        wait(watch.ask());
        assertTrue(thread.isAlive());
    }

    @Test
    void aLookThatFailsTellsWhoAskedAndTheNextOneComes() throws Exception {
        watch = new Watch(
                always -> {
                    if (always && looks.incrementAndGet() == 1) {
                        throw new IllegalStateException("of this test");
                    }
                },
                LONG,
                System::nanoTime);
        watch.start();

        assertTrue(watch.ask().handle((done, problem) -> problem != null).get(Patience.SECONDS, TimeUnit.SECONDS));
        wait(watch.ask());
        assertEquals(2, looks.get());
    }

    @Test
    void looksAgainAfterItsInterval() throws Exception {
        CountDownLatch three = new CountDownLatch(3);
        watch = new Watch(always -> three.countDown(), Duration.ofMillis(1), System::nanoTime);
        watch.start();

        assertTrue(three.await(Patience.SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void aQuestionAfterTheEndIsRefused() {
        watch = new Watch(always -> {}, LONG, System::nanoTime);
        watch.start();
        watch.stop();

        assertTrue(watch.ask().isCompletedExceptionally());
    }

    private static void wait(CompletableFuture<Void> answer) throws Exception {
        answer.get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private void look(AtomicInteger counted) {
        thread = Thread.currentThread();
        counted.incrementAndGet();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(Patience.SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Until its thread waits for its interval to end. */
    private void awaitPause() {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }
}
