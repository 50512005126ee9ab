package dev.relais.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.FinishMark;
import dev.relais.fastcgi.Params;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.fastcgi.ScriptedPeer;
import dev.relais.fastcgi.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One child against a scripted peer that answers the proof script with the number of a real process. */
@Timeout(30)
@SuppressWarnings("deprecation") // the event loop group, as Vert.x makes it
class ChildTest {
    @TempDir
    Path directory;

    private final EventLoopGroup group = new NioEventLoopGroup(1);
    private final EventLoop loop = group.next();
    private final ScheduledExecutorService supervisor = Executors.newSingleThreadScheduledExecutor();
    private final LinkedBlockingQueue<Child> freed = new LinkedBlockingQueue<>();
    private final AtomicInteger serving = new AtomicInteger();
    private final Semaphore mayProve = new Semaphore(1_000);
    private final LinkedBlockingQueue<ScriptedPeer.Line.Request> arrived = new LinkedBlockingQueue<>();
    private final AtomicInteger crashes = new AtomicInteger();
    private final Tenant tenant = new Tenant() {
        @Override
        public void crashed() {
            crashes.incrementAndGet();
        }

        @Override
        public void left(long heldNanos) {}
    };
    private final List<Process> processes = new ArrayList<>();
    private final UsualLatency usual = new UsualLatency("function");
    private final Worker worker = new Worker(
            0,
            1,
            List.of(loop),
            new ChildContext(
                    Path.of("/proof.php"),
                    freed::add,
                    Slots.listener(serving::incrementAndGet),
                    new ProcessEnder(
                            supervisor,
                            new ProcessTree(
                                    new ProcReader(Path.of("/proc"), 4096),
                                    new Command(ProcessBuilder::start, Duration.ofSeconds(10)))),
                    supervisor,
                    new FinishMark("nonce"),
                    Slots.neverRecycling(),
                    4096));
    private final Child child = worker.child(0);
    private volatile Process php;
    private volatile boolean stalls;
    private ScriptedPeer peer;

    @AfterEach
    void endAll() throws Exception {
        worker.detach(false);
        if (peer != null) {
            peer.close();
        }
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        supervisor.shutdownNow();
        processes.forEach(Process::destroyForcibly);
    }

    private Process start(String... command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        processes.add(process);
        return process;
    }

    /** Attaches the worker and waits for its first free slot, which is the test's. */
    private void attach() throws Exception {
        if (php == null) {
            php = start("sleep", "600");
        }
        peer = ScriptedPeer.start(directory, line -> {
            while (true) {
                ScriptedPeer.Line.Request request = line.readRequest();
                if (request.has("/proof.php")) {
                    mayProve.acquire();
                    line.write(Wire.answer(Long.toString(php.pid())));
                } else if (stalls) {
                    arrived.add(request);
                    line.awaitClose();
                    return;
                } else {
                    line.write(Wire.answer("served"));
                }
            }
        });
        worker.attach(peer.socket());
        awaitFreed();
    }

    private void awaitFreed() throws InterruptedException {
        assertSame(child, freed.poll(10, TimeUnit.SECONDS), "the slot is not freed");
    }

    private <T> T on(Callable<T> task) throws Exception {
        return loop.submit(task).get(10, TimeUnit.SECONDS);
    }

    private static final class Answer implements ExchangeListener {
        private final CompletableFuture<ExchangeFailure> over = new CompletableFuture<>();
        private final CompletableFuture<Void> finished = new CompletableFuture<>();

        @Override
        public void onHead(ResponseHead head) {}

        @Override
        public void onBody(ByteBuf in, int length) {}

        @Override
        public void onReadComplete() {}

        @Override
        public void onStderr(String message) {}

        @Override
        public void onFinished() {
            finished.complete(null);
        }

        @Override
        public void onEnd(int appStatus) {
            over.complete(null);
        }

        @Override
        public void onFailure(ExchangeFailure failure) {
            over.complete(failure);
        }

        ExchangeFailure await() throws Exception {
            return over.get(10, TimeUnit.SECONDS);
        }
    }

    /** On the loop. */
    private boolean exchange(Answer answer, long limitMillis) {
        Params params = new Params();
        params.begin();
        params.add("SCRIPT_FILENAME", "/function.php");
        return child.exchange(
                params.finish(UnpooledByteBufAllocator.DEFAULT, true), null, limitMillis, usual, tenant, answer);
    }

    private void serves() throws Exception {
        Answer answer = new Answer();
        assertTrue(on(() -> exchange(answer, 10_000)));
        assertNull(answer.await());
        awaitFreed();
    }

    private void publish() throws Exception {
        assertTrue(on(child::publish));
        assertEquals(0, worker.busy());
    }

    private void cut() throws Exception {
        peer.cut();
        Awaitility.await().until(() -> worker.proven() == 0);
    }

    @Test
    void servesOnceItIsProven() throws Exception {
        attach();
        assertEquals(php.pid(), child.pid());
        assertEquals(1, worker.proven());
        assertEquals(1, serving.get());
        assertEquals(1, worker.busy());
        for (int i = 0; i < 10; i++) {
            serves();
        }
        assertEquals(10, child.exchanges());
        assertEquals(0, child.failures());
        assertTrue(child.bytesIn() > 0 && child.bytesOut() > 0 && child.relativeLatencySum() > 0);
    }

    @Test
    void isNoCapacityBeforeItsProofIsAnswered() throws Exception {
        mayProve.drainPermits();
        php = start("sleep", "600");
        CountDownLatch connected = new CountDownLatch(1);
        peer = ScriptedPeer.start(directory, line -> {
            line.readRequest();
            connected.countDown();
            mayProve.acquire();
            line.write(Wire.answer(Long.toString(php.pid())));
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
        php = start("sleep", "600");
        Path socket = directory.resolve("peer.sock");
        worker.attach(socket);
        peer = ScriptedPeer.start(directory, line -> {
            String[] wrong = {"", "x", "12x", "99999999999", "0", "Warning: 1"};
            int number = connections.getAndIncrement();
            line.readRequest();
            line.write(Wire.answer(number < wrong.length ? wrong[number] : Long.toString(php.pid())));
            line.awaitClose();
        });
        awaitFreed();
        assertEquals(7, connections.get());
    }

    @Test
    void endsTheProcessAtTheTimeLimitAndKeepsTheSlotUntilTheNextIsProven() throws Exception {
        attach();
        stalls = true;
        mayProve.drainPermits();
        Process first = php;
        php = start("sleep", "600");
        Answer answer = new Answer();
        assertTrue(on(() -> exchange(answer, 50)));
        assertInstanceOf(ExchangeFailure.TimedOut.class, answer.await());
        assertTrue(first.waitFor(10, TimeUnit.SECONDS));
        assertEquals(128 + 15, first.exitValue());
        assertEquals(1, child.failures());
        assertTrue(freed.isEmpty());
        mayProve.release();
        awaitFreed();
        assertEquals(php.pid(), child.pid());
        stalls = false;
        serves();
        assertTrue(php.isAlive());
    }

    @Test
    void endsTheProcessOfAnAbortedExchangeWhichIsNoFailureOfTheWorker() throws Exception {
        attach();
        stalls = true;
        Process first = php;
        php = start("sleep", "600");
        Answer answer = new Answer();
        assertTrue(on(() -> exchange(answer, 60_000)));
        loop.submit(() -> child.abort(answer)).sync();
        assertInstanceOf(ExchangeFailure.Aborted.class, answer.await());
        assertTrue(first.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, child.failures());
        awaitFreed();
        assertEquals(php.pid(), child.pid());
    }

    @Test
    void tellsThatItsProcessWasKilledOnceAnotherOneAnswers() throws Exception {
        attach();
        stalls = true;
        mayProve.drainPermits();
        php = start("sleep", "600");
        Answer answer = new Answer();
        assertTrue(on(() -> exchange(answer, 60_000)));
        assertNotNull(arrived.poll(10, TimeUnit.SECONDS));
        peer.cut();
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, answer.await());
        assertEquals(0, crashes.get());
        mayProve.release(100);
        awaitFreed();
        assertEquals(1, crashes.get());
        stalls = false;
        serves();
        assertEquals(1, crashes.get());
    }

    @Test
    void aLostConnectionIsNoCrashWhenTheSameProcessAnswersAgain() throws Exception {
        attach();
        stalls = true;
        assertTrue(on(() -> exchange(new Answer(), 60_000)));
        assertNotNull(arrived.poll(10, TimeUnit.SECONDS));
        peer.cut();
        awaitFreed();
        assertEquals(0, crashes.get());
    }

    /** It takes all its children along, whatever they ran. */
    @Test
    void aLostMasterIsNoCrash() throws Exception {
        attach();
        stalls = true;
        Answer answer = new Answer();
        assertTrue(on(() -> exchange(answer, 60_000)));
        assertNotNull(arrived.poll(10, TimeUnit.SECONDS));
        ScriptedPeer first = peer;
        first.close();
        assertInstanceOf(ExchangeFailure.ConnectionLost.class, answer.await());
        worker.detach(true);
        php = start("sleep", "600");
        attach();
        assertEquals(0, crashes.get());
    }

    @Test
    void anEndedProcessIsNoCrash() throws Exception {
        attach();
        stalls = true;
        php = start("sleep", "600");
        Answer answer = new Answer();
        assertTrue(on(() -> exchange(answer, 50)));
        assertInstanceOf(ExchangeFailure.TimedOut.class, answer.await());
        awaitFreed();
        assertEquals(0, crashes.get());
    }

    /** Its script may end, because its connection is closed, before the signal comes: the next request would meet the signal. */
    @Test
    void isNoCapacityWhileTheProcessBeingEndedAnswers() throws Exception {
        php = start("sh", "-c", "trap '' TERM; echo ready; read line");
        assertEquals("ready", php.inputReader().readLine());
        attach();
        stalls = true;
        Answer answer = new Answer();
        assertTrue(on(() -> exchange(answer, 50)));
        assertInstanceOf(ExchangeFailure.TimedOut.class, answer.await());
        Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> mayProve.availablePermits() < 997);
        assertTrue(freed.isEmpty());
        php = start("sleep", "600");
        awaitFreed();
        assertEquals(php.pid(), child.pid());
    }

    @Test
    void killsAProcessThatIgnoresTerm() throws Exception {
        php = start("sh", "-c", "trap '' TERM; echo ready; read line");
        assertEquals("ready", php.inputReader().readLine());
        attach();
        stalls = true;
        Answer answer = new Answer();
        assertTrue(on(() -> exchange(answer, 50)));
        assertInstanceOf(ExchangeFailure.TimedOut.class, answer.await());
        assertTrue(php.waitFor(10, TimeUnit.SECONDS));
        assertEquals(128 + 9, php.exitValue());
    }

    @Test
    void keepsTheSlotOfAnAbandonedRunUntilTheNewConnectionIsProven() throws Exception {
        attach();
        stalls = true;
        mayProve.drainPermits();
        Answer answer = new Answer();
        assertTrue(on(() -> exchange(answer, 60_000)));
        assertNotNull(arrived.poll(10, TimeUnit.SECONDS));
        loop.submit(() -> child.abandon(answer)).sync();
        Awaitility.await().until(() -> worker.proven() == 0 && peer.connections() == 1);
        assertTrue(freed.isEmpty());
        assertNull(worker.tryClaim(0));
        mayProve.release();
        awaitFreed();
        assertTrue(php.isAlive());
        assertFalse(answer.over.isDone());
        assertEquals(0, child.failures());
    }

    @Test
    void endsAnAbandonedRunAtItsTimeLimit() throws Exception {
        attach();
        stalls = true;
        mayProve.drainPermits();
        Answer answer = new Answer();
        assertTrue(on(() -> {
            boolean started = exchange(answer, 100);
            child.abandon(answer);
            return started;
        }));
        assertTrue(php.waitFor(10, TimeUnit.SECONDS));
    }

    @Test
    void leavesAnAbandonedRunAloneOnceItsProcessHasAnswered() throws Exception {
        attach();
        stalls = true;
        Answer answer = new Answer();
        assertTrue(on(() -> {
            boolean started = exchange(answer, 400);
            child.abandon(answer);
            return started;
        }));
        awaitFreed();
        CountDownLatch later = new CountDownLatch(1);
        loop.schedule(later::countDown, 600, TimeUnit.MILLISECONDS);
        ScriptedPeer.await(later);
        assertTrue(php.isAlive());
    }

    /** Serves one exchange whose script calls finish and then works until the test lets it end. */
    private Answer attachFinishing(CountDownLatch mayEnd, long limitMillis) throws Exception {
        php = start("sleep", "600");
        peer = ScriptedPeer.start(directory, line -> {
            line.readRequest();
            line.write(Wire.answer(Long.toString(php.pid())));
            line.readRequest();
            line.write(Wire.join(Wire.stdout("A: b\r\n\r\n"), Wire.stderr("PHP message: relais-finish nonce")));
            ScriptedPeer.await(mayEnd);
            line.write(Wire.end(0, 0));
            line.answerAll(Wire.answer("served"));
        });
        worker.attach(peer.socket());
        awaitFreed();
        Answer answer = new Answer();
        assertTrue(on(() -> exchange(answer, limitMillis)));
        answer.finished.get(10, TimeUnit.SECONDS);
        assertTrue(child.isFinishing());
        assertTrue(freed.isEmpty());
        return answer;
    }

    @Test
    void keepsTheSlotUntilTheScriptEndsThoughItsAnswerIsComplete() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        Answer answer = attachFinishing(mayEnd, 10_000);
        loop.submit(() -> child.abandon(answer)).sync(); // too late: nobody waits for it any more
        assertEquals(1, worker.proven());
        mayEnd.countDown();
        assertNull(answer.await());
        awaitFreed();
        assertFalse(child.isFinishing());
        serves();
    }

    @Test
    void endsTheProcessAtTheTimeLimitThoughItsAnswerIsComplete() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        Answer answer = attachFinishing(mayEnd, 300);
        assertInstanceOf(ExchangeFailure.TimedOut.class, answer.await());
        assertTrue(php.waitFor(10, TimeUnit.SECONDS));
        assertFalse(child.isFinishing());
        mayEnd.countDown();
    }

    @Test
    void isNotClaimableWhileItsConnectionIsBrokenAndFreedOnceWhenMended() throws Exception {
        attach();
        publish();
        mayProve.drainPermits();
        cut();
        assertNull(worker.tryClaim(0));
        mayProve.release(100);
        awaitFreed();
        serves();
        assertTrue(freed.isEmpty());
    }

    @Test
    void staysTheClaimersWhenMendedBetweenClaimAndExchange() throws Exception {
        attach();
        publish();
        assertSame(child, worker.tryClaim(0));
        php = start("sleep", "600");
        peer.cut();
        Awaitility.await().until(() -> child.pid() == php.pid());
        on(() -> null); // the loop is done with that event
        assertTrue(freed.isEmpty());
        serves();
    }

    @Test
    void isFreedWhenMendedAfterTheClaimerWasRefused() throws Exception {
        attach();
        publish();
        assertSame(child, worker.tryClaim(0));
        mayProve.drainPermits();
        cut();
        assertFalse(on(() -> exchange(new Answer(), 1_000)));
        mayProve.release(100);
        awaitFreed();
        serves();
    }

    @Test
    void isFreedWhenMendedAfterAnUnusedClaimWasGivenBack() throws Exception {
        attach();
        publish();
        assertSame(child, worker.tryClaim(0));
        mayProve.drainPermits();
        cut();
        assertFalse(on(child::publish));
        mayProve.release(100);
        awaitFreed();
        serves();
    }

    /** The channel is closed, but the child has not heard of it: its slot was lost for ever. */
    @Test
    void isFreedAgainWhenItsConnectionBrokeUnheard() throws Exception {
        attach();
        CompletableFuture<Boolean> sent = new CompletableFuture<>();
        loop.execute(() -> {
            worker.detach(false);
            loop.execute(() -> sent.complete(exchange(new Answer(), 1_000)));
        });
        assertFalse(sent.get(10, TimeUnit.SECONDS));
        worker.attach(peer.socket());
        awaitFreed();
        serves();
    }

    /** The second one forgot what the first one had withdrawn. */
    @Test
    void isFreedAgainAfterTwoDetachesAtOnce() throws Exception {
        attach();
        publish();
        loop.execute(() -> {
            worker.detach(true);
            worker.detach(false);
        });
        Awaitility.await().until(() -> worker.proven() == 0);
        worker.attach(peer.socket());
        awaitFreed();
        serves();
    }

    @Test
    void letsARunningExchangeEndWhenDetached() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        php = start("sleep", "600");
        peer = ScriptedPeer.start(directory, line -> {
            line.readRequest();
            line.write(Wire.answer(Long.toString(php.pid())));
            line.readRequest();
            ScriptedPeer.await(mayEnd);
            line.write(Wire.answer("late"));
            line.awaitClose();
        });
        worker.attach(peer.socket());
        awaitFreed();
        Answer answer = new Answer();
        assertTrue(on(() -> exchange(answer, 10_000)));
        worker.detach(true);
        on(() -> null);
        assertFalse(answer.over.isDone());
        mayEnd.countDown();
        assertNull(answer.await());
        Awaitility.await().until(() -> worker.proven() == 0);
        assertTrue(freed.isEmpty());
    }
}
