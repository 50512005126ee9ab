package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.events.Events;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.FinishMark;
import dev.relais.fastcgi.Params;
import dev.relais.fastcgi.RecordedExchange;
import dev.relais.fastcgi.ScriptedPeer;
import dev.relais.fastcgi.Stdin;
import dev.relais.fastcgi.Wire;
import dev.relais.process.Command;
import dev.relais.process.ProcReader;
import dev.relais.process.ProcessEnder;
import dev.relais.process.ProcessTree;
import dev.relais.testing.Patience;
import dev.relais.testing.Sight;
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
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One slot and a scripted peer, which answers the proof script with the id of a real process. */
@SuppressWarnings("deprecation") // the event loop group, as Vert.x makes it
abstract class SlotFixture {
    @TempDir
    Path directory;

    final EventLoopGroup group = new NioEventLoopGroup(1);
    final EventLoop loop = loop(group.next());
    final LinkedBlockingQueue<Slot> freed = new LinkedBlockingQueue<>();
    final AtomicInteger serving = new AtomicInteger();
    final Semaphore mayProve = new Semaphore(1_000);
    final AtomicInteger crashes = new AtomicInteger();
    final LinkedBlockingQueue<long[]> computed = new LinkedBlockingQueue<>();
    private final ScheduledExecutorService supervisor = Executors.newSingleThreadScheduledExecutor();
    private final LinkedBlockingQueue<ScriptedPeer.Line.Request> arrived = new LinkedBlockingQueue<>();
    private final Tenant tenant = new Tenant() {
        @Override
        public void crashed(long lostNanos) {
            crashes.incrementAndGet();
        }

        @Override
        public boolean wantsCpuTime(long nowNanos) {
            return true;
        }

        @Override
        public void computed(long ranNanos, long waitedNanos, long heldNanos, long nowNanos) {
            computed.add(new long[] {ranNanos, waitedNanos, heldNanos});
        }

        @Override
        public void left(long heldNanos) {}
    };
    private final List<Process> processes = new ArrayList<>();
    private final UsualLatency usual = new UsualLatency("function");
    private final ProcReader proc = new ProcReader(Path.of("/proc"), 4096);
    final ProcessEnder ender =
            new ProcessEnder(proc, new ProcessTree(proc, new Command(ProcessBuilder::start, Duration.ofSeconds(10))));
    final Worker worker = new Worker(
            0,
            1,
            List.of(loop),
            new SlotContext(
                    Path.of("/proof.php"),
                    ender,
                    proc,
                    supervisor,
                    new FinishMark("nonce"),
                    recycling(),
                    UploadFolders.NONE,
                    ErrorPipes.NONE,
                    4096,
                    keepsAfterBody(),
                    residence(),
                    new Events(),
                    this::nanos),
            freed::add,
            Slots.listener(serving::incrementAndGet));
    final Slot slot = worker.slot(0);
    volatile Process php;
    volatile boolean stalls;
    volatile long aheadNanos; // by this the slot's clock is ahead of the real one
    ScriptedPeer peer;

    private long nanos() {
        return System.nanoTime() + aheadNanos;
    }

    /** The event loop as the slot sees it. Called before the test's fields are set. */
    EventLoop loop(EventLoop real) {
        return real;
    }

    boolean keepsAfterBody() {
        return true;
    }

    /** When children are replaced. Called before the test's fields are set. */
    Recycling recycling() {
        return Slots.neverRecycling();
    }

    /** What the children need that keep an application in memory; null for usual children. Called before the test's fields are set. */
    Residence residence() {
        return null;
    }

    @BeforeEach
    void showSlot() {
        Sight.show("slot", () -> worker + " " + slot + " " + slot.childState());
    }

    @AfterEach
    void endAll() throws Exception {
        Sight.close("slot");
        worker.detach(false);
        if (peer != null) {
            peer.close();
        }
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        supervisor.shutdownNow();
        ender.close();
        processes.forEach(Process::destroyForcibly);
    }

    final Process start(String... command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        processes.add(process);
        return process;
    }

    /** Starts another process, whose id the peer answers from now on. */
    final void renewProcess() throws IOException {
        php = start("sleep", "600");
    }

    /** Answers the next request as the proof. */
    final void prove(ScriptedPeer.Line line) throws IOException {
        line.readRequest();
        line.answer(Wire.answer(Long.toString(php.pid())));
    }

    /** Attaches the worker and waits for its first free slot, which is the test's. */
    final void attach() throws Exception {
        attach(line -> {
            while (true) {
                ScriptedPeer.Line.Request request = line.readRequest();
                if (request.has("/proof.php")) {
                    mayProve.acquire();
                    line.answer(Wire.answer(Long.toString(php.pid())));
                } else if (stalls) {
                    arrived.add(request);
                    line.awaitClose();
                    return;
                } else {
                    line.answer(Wire.answer("served"));
                }
            }
        });
    }

    /** Attaches the worker to a peer that follows this script. */
    final void attach(ScriptedPeer.Script script) throws Exception {
        if (php == null) {
            renewProcess();
        }
        peer = ScriptedPeer.start(directory, script);
        worker.attach(peer.socket());
        awaitFreed();
    }

    final void awaitFreed() throws InterruptedException {
        assertSame(slot, freed.poll(Patience.SECONDS, TimeUnit.SECONDS), "the slot is not freed");
    }

    final <T> T on(Callable<T> task) throws Exception {
        return loop.submit(task).get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    /** On the loop. */
    final boolean exchange(RecordedExchange answer, long limitMillis) {
        return exchange(answer, null, limitMillis);
    }

    /** On the loop. */
    final boolean exchange(RecordedExchange answer, Stdin body, long limitMillis) {
        Params params = new Params();
        params.begin();
        params.add("SCRIPT_FILENAME", "/function.php");
        return slot.exchange(
                params.finish(UnpooledByteBufAllocator.DEFAULT, body == null),
                body,
                limitMillis,
                usual,
                tenant,
                answer);
    }

    /** Begins an exchange. The peer answers neither this one nor any later one. */
    final RecordedExchange stall(long limitMillis) throws Exception {
        stalls = true;
        RecordedExchange answer = new RecordedExchange();
        assertTrue(on(() -> exchange(answer, limitMillis)));
        assertNotNull(arrived.poll(Patience.SECONDS, TimeUnit.SECONDS));
        return answer;
    }

    final void serves() throws Exception {
        stalls = false;
        RecordedExchange answer = new RecordedExchange();
        assertTrue(on(() -> exchange(answer, 60_000)));
        assertNull(answer.await());
        awaitFreed();
    }

    static void timesOut(RecordedExchange answer) throws Exception {
        assertInstanceOf(ExchangeFailure.TimedOut.class, answer.await());
    }
}
