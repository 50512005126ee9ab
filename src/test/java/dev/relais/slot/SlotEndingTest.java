package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.RecordedExchange;
import dev.relais.fastcgi.ScriptedPeer;
import dev.relais.fastcgi.Wire;
import dev.relais.testing.Patience;
import io.netty.channel.EventLoop;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What happens to the process and to the slot when an exchange ends before its script. */
public class SlotEndingTest extends SlotFixture {
    /** A time limit that passes only by {@link #limitPasses}, so that nothing has to happen in time before that. */
    private static final long HOURS_MILLIS = TimeUnit.HOURS.toMillis(2);

    private final Queue<Runnable> timers = new ConcurrentLinkedQueue<>(); // those of such limits

    /** Keeps what is to run after an hour or later. */
    @Override
    EventLoop loop(EventLoop real) {
        return (EventLoop) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EventLoop.class}, (self, method, words) -> {
                    if (method.getName().equals("schedule")
                            && words[0] instanceof Runnable timer
                            && ((TimeUnit) words[2]).toHours((long) words[1]) > 0) {
                        timers.add(timer);
                    }
                    try {
                        return method.invoke(real, words);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void limitPasses() throws Exception {
        aheadNanos = TimeUnit.MILLISECONDS.toNanos(HOURS_MILLIS);
        loop.submit(() -> timers.forEach(Runnable::run)).sync();
    }

    private void attachIgnoringTerm() throws Exception {
        php = start("sh", "-c", "trap '' TERM; echo ready; read line");
        assertEquals("ready", php.inputReader().readLine());
        attach();
    }

    /** Begins an exchange that the peer never answers, and whose client leaves at once. */
    private void abandon(long limitMillis) throws Exception {
        stalls = true;
        RecordedExchange answer = new RecordedExchange();
        assertTrue(on(() -> {
            boolean started = exchange(answer, limitMillis);
            slot.abandon(answer);
            return started;
        }));
    }

    @Test
    void endsTheProcessAtTheTimeLimitAndKeepsTheSlotUntilTheNextIsProven() throws Exception {
        attach();
        mayProve.drainPermits();
        Process first = php;
        renewProcess();
        timesOut(stall(50));
        assertTrue(first.waitFor(Patience.SECONDS, TimeUnit.SECONDS));
        assertEquals(128 + 15, first.exitValue());
        assertEquals(1, slot.failures());
        assertTrue(freed.isEmpty());
        mayProve.release();
        awaitFreed();
        assertEquals(php.pid(), slot.pid());
        serves();
        assertTrue(php.isAlive());
    }

    @Test
    void endsTheProcessOfAnAbortedExchangeWhichIsNoFailureOfTheWorker() throws Exception {
        attach();
        Process first = php;
        renewProcess();
        RecordedExchange answer = stall(60_000);
        loop.submit(() -> slot.abort(answer)).sync();
        assertInstanceOf(ExchangeFailure.Aborted.class, answer.await());
        assertTrue(first.waitFor(Patience.SECONDS, TimeUnit.SECONDS));
        assertEquals(0, slot.failures());
        awaitFreed();
        assertEquals(php.pid(), slot.pid());
    }

    /** The script may end before the signal comes, because its connection is closed. The next request would then get the signal. */
    @Test
    void isNoCapacityWhileTheProcessBeingEndedAnswers() throws Exception {
        attachIgnoringTerm();
        timesOut(stall(50));
        Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> mayProve.availablePermits() < 997);
        assertTrue(freed.isEmpty());
        renewProcess();
        awaitFreed();
        assertEquals(php.pid(), slot.pid());
    }

    @Test
    void killsAProcessThatIgnoresTerm() throws Exception {
        attachIgnoringTerm();
        timesOut(stall(50));
        assertTrue(php.waitFor(Patience.SECONDS, TimeUnit.SECONDS));
        assertEquals(128 + 9, php.exitValue());
    }

    @Test
    void keepsTheSlotOfAnAbandonedRunUntilTheNewConnectionIsProven() throws Exception {
        attach();
        mayProve.drainPermits();
        RecordedExchange answer = stall(60_000);
        loop.submit(() -> slot.abandon(answer)).sync();
        Awaitility.await().until(() -> worker.proven() == 0 && peer.connections() == 1);
        assertTrue(freed.isEmpty());
        assertNull(worker.tryClaim(0));
        mayProve.release();
        awaitFreed();
        assertTrue(php.isAlive());
        assertFalse(answer.isOver());
        assertEquals(0, slot.failures());
    }

    @Test
    void endsAnAbandonedRunAtItsTimeLimit() throws Exception {
        attach();
        mayProve.drainPermits();
        abandon(100);
        assertTrue(php.waitFor(Patience.SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void leavesAnAbandonedRunAloneOnceItsProcessHasAnswered() throws Exception {
        attach();
        abandon(HOURS_MILLIS);
        awaitFreed();
        limitPasses();
        assertFalse(ender.isEnding(php.toHandle()));
        assertTrue(php.isAlive());
    }

    /** Serves one exchange whose script calls finish and then works until the test lets it end. */
    private RecordedExchange attachFinishing(CountDownLatch mayEnd) throws Exception {
        attach(line -> {
            prove(line);
            line.readRequest();
            line.answer(Wire.join(Wire.stdout("A: b\r\n\r\n"), Wire.stderr("PHP message: relais-finish nonce")));
            ScriptedPeer.await(mayEnd);
            line.answer(Wire.end(0, 0));
            line.answerAll(Wire.answer("served"));
        });
        RecordedExchange answer = new RecordedExchange();
        assertTrue(on(() -> exchange(answer, HOURS_MILLIS)));
        answer.awaitFinished();
        assertTrue(slot.isFinishing());
        assertTrue(freed.isEmpty());
        return answer;
    }

    @Test
    void keepsTheSlotUntilTheScriptEndsThoughItsAnswerIsComplete() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        RecordedExchange answer = attachFinishing(mayEnd);
        loop.submit(() -> slot.abandon(answer)).sync(); // too late: nobody waits for it any more
        assertEquals(1, worker.proven());
        mayEnd.countDown();
        assertNull(answer.await());
        awaitFreed();
        assertFalse(slot.isFinishing());
        serves();
    }

    @Test
    void endsTheProcessAtTheTimeLimitThoughItsAnswerIsComplete() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        RecordedExchange answer = attachFinishing(mayEnd);
        limitPasses();
        timesOut(answer);
        assertTrue(php.waitFor(Patience.SECONDS, TimeUnit.SECONDS));
        assertFalse(slot.isFinishing());
        mayEnd.countDown();
    }

    @Test
    void endsWhatAnOperatorWantsEndedAsAtTheTimeLimit() throws Exception {
        attach();
        Process first = php;
        renewProcess();
        RecordedExchange answer = stall(60_000);
        long before = slot.served();
        assertNull(slot.endRun(before + 1, "another run was meant", ender));
        assertEquals("function", slot.endRun(before, "an operator wants it", ender));
        timesOut(answer);
        assertTrue(first.waitFor(Patience.SECONDS, TimeUnit.SECONDS));
        awaitFreed();
        assertNull(slot.endRun(Followed.WHATEVER_RUNS, "it runs nothing", ender));
        assertTrue(php.isAlive());
        serves();
    }

    @Test
    void endsARunWhoseClientIsGoneWhenAnOperatorWantsIt() throws Exception {
        attach();
        mayProve.drainPermits();
        abandon(60_000);
        Process first = php;
        renewProcess();
        assertEquals("function", slot.endRun(Followed.WHATEVER_RUNS, "an operator wants it", ender));
        assertTrue(first.waitFor(Patience.SECONDS, TimeUnit.SECONDS));
        mayProve.release();
        awaitFreed();
        serves();
    }
}
