package dev.relais.worker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.events.Events;
import dev.relais.fastcgi.Params;
import dev.relais.slot.OwnExchange;
import dev.relais.slot.RecycleConfig;
import dev.relais.slot.RecycleReason;
import dev.relais.slot.Slot;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerListener;
import dev.relais.testing.Patience;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workers' room and the slots know their processes by the interfaces alone: all they do is done here with a kind that is no PHP. */
@SuppressWarnings("deprecation") // the event loop group, as Vert.x makes it
class ScriptedKindTest {
    @TempDir
    Path directory;

    private final EventLoopGroup loops = new NioEventLoopGroup(2);
    private final AtomicInteger serving = new AtomicInteger();
    private ScriptedKind kind;
    private WorkerGroup group;
    private volatile int children = 2; // of each worker of the next generation

    @AfterEach
    void stop() throws Exception {
        group.stop();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    private void start(Map<String, String> config) {
        Map<String, String> values = new HashMap<>(Map.of(
                "relais.workers.count", "2",
                "relais.workers.children", "2",
                "relais.workers.restart-delay", "1ms",
                "relais.workers.restart-delay-max", "20ms"));
        values.putAll(config);
        SmallRyeConfig read = new SmallRyeConfigBuilder()
                .withMapping(WorkersConfig.class)
                .withMapping(RecycleConfig.class)
                .withConverter(Duration.class, 200, new io.quarkus.runtime.configuration.DurationConverter())
                .withConverter(
                        io.quarkus.runtime.configuration.MemorySize.class,
                        200,
                        new io.quarkus.runtime.configuration.MemorySizeConverter())
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build();
        group = new WorkerGroup(
                read.getConfigMapping(WorkersConfig.class),
                read.getConfigMapping(RecycleConfig.class),
                kind,
                () -> children,
                new Events());
        WorkerListener listener = new WorkerListener() {
            @Override
            public void onServing() {
                serving.incrementAndGet();
            }

            @Override
            public void onSlow() {}
        };
        group.start(List.of(loops.next(), loops.next()), Slot::release, listener, 4096, false, true);
    }

    private void startWhole(Map<String, String> config) {
        kind = new ScriptedKind(directory);
        start(config);
        await().until(() -> group.serving().isWhole());
    }

    private static Set<Long> pids(Generation generation) {
        Set<Long> pids = new HashSet<>();
        for (Worker worker : generation.workers()) {
            for (int i = 0; i < worker.size(); i++) {
                pids.add(worker.slot(i).pid());
            }
        }
        return pids;
    }

    private String call(Worker worker, String script) throws Exception {
        Params params = new Params();
        params.begin();
        params.add("SCRIPT_FILENAME", script);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS);
        OwnExchange.Reply reply = Trial.run(
                        worker, script, params.finish(ByteBufAllocator.DEFAULT, true), System::nanoTime, deadline)
                .get(Patience.SECONDS, TimeUnit.SECONDS);
        return reply.text();
    }

    @Test
    void whatEventLoopsHandOverRunsOnTheSupervisorThreadAndIsDroppedAfterTheStop() throws Exception {
        kind = new ScriptedKind(directory);
        start(Map.of());
        List<String> threads = new CopyOnWriteArrayList<>();
        assertTrue(group.later(() -> threads.add(Thread.currentThread().getName()), Duration.ZERO));
        await().until(() -> threads.equals(List.of("relais-supervisor")));
        assertTrue(group.later(() -> threads.add("too late"), Duration.ofDays(1)));
        group.stop();
        assertFalse(group.later(() -> threads.add("too late"), Duration.ZERO));
        assertEquals(List.of("relais-supervisor"), threads);
    }

    @Test
    void allSlotsAreProvenAndServe() throws Exception {
        startWhole(Map.of());
        assertEquals(List.of("prepared", "guarded", "started"), kind.steps);
        assertEquals(2, kind.started.size());
        assertEquals(4, pids(group.serving()).size());
        // A child counts before its worker's start is told. Two first children at a time may both tell of it.
        await().until(() -> serving.get() >= 2);
        assertNull(group.serving().failure());
        for (Worker worker : group.workers()) {
            assertEquals(kind.last(worker.id()).pid(), group.masterPid(worker));
            assertEquals("served /hello", call(worker, "/hello"));
        }
        assertEquals("a scripted fault", group.phpFault());
        assertEquals("somebody", group.user().name());
        assertTrue(serving.get() <= 4, () -> "told by more than the children that there are: " + serving);
    }

    @Test
    void aChildThatEndsIsReplacedAndItsSlotProvenAgain() {
        startWhole(Map.of());
        Worker worker = group.workers().get(0);
        long before = worker.slot(0).pid();
        ProcessHandle.of(before).orElseThrow().destroyForcibly();
        await().until(() -> group.serving().isWhole() && worker.slot(0).pid() != before);
        assertEquals(0, group.restarts(worker));
    }

    @Test
    void aMasterThatEndsIsKilledWithItsChildrenAndRestarted() throws Exception {
        startWhole(Map.of());
        Worker worker = group.workers().get(0);
        ScriptedProcess dead = kind.last(0);
        Set<Long> before = pids(group.serving());
        dead.die(139);
        await().until(() -> group.restarts(worker) == 1 && group.serving().isWhole());
        assertTrue(dead.hasEnded());
        ScriptedProcess next = kind.last(0);
        assertNotEquals(dead.socket(), next.socket());
        assertEquals(next.pid(), group.masterPid(worker));
        assertTrue(group.serving().failure().contains("139"), group.serving().failure());
        before.retainAll(pids(group.serving()));
        assertEquals(2, before.size()); // those of the other worker
        assertEquals("served /again", call(worker, "/again"));
    }

    /** So long that nobody waits for it: a tenth of it is for how long the others wait for the first master at most. */
    private static final String LONG = "1h";

    /** The first worker has the processors to itself: it is the one for which the gateway's start waits. */
    @Test
    void theOthersStartWhenTheFirstMasterIsReady() {
        kind = new ScriptedKind(directory);
        CompletableFuture<Void> ready = new CompletableFuture<>();
        kind.ready = ready;
        start(Map.of("relais.workers.count", "3", "relais.workers.start-timeout", LONG));
        await().until(() -> !kind.started.isEmpty());
        // What was queued for the supervisor before this has run when this has.
        AtomicInteger before = new AtomicInteger();
        group.later(() -> before.set(kind.started.size()), Duration.ZERO);
        await().until(() -> before.get() > 0);
        assertEquals(1, before.get());
        ready.complete(null);
        await().until(() -> group.serving().isWhole());
        assertEquals(3, kind.started.size());
    }

    @Test
    void theOthersStartWhenTheFirstMasterHasFailed() {
        kind = new ScriptedKind(directory);
        kind.ready = CompletableFuture.failedFuture(new IOException("ended"));
        start(Map.of("relais.workers.start-timeout", LONG));
        await().until(() -> kind.last(1) != null);
    }

    @Test
    void theOthersStartWhenTheFirstMasterCannotBeStarted() {
        kind = new ScriptedKind(directory);
        kind.failingStarts = 1;
        start(Map.of("relais.workers.start-timeout", LONG));
        await().until(() -> group.serving().isWhole());
        assertEquals(1, group.restarts(group.workers().get(0)));
        assertEquals(0, group.restarts(group.workers().get(1)));
    }

    @Test
    void theOthersStartAfterATenthOfTheTimeOutWhenTheFirstMasterIsNeverReady() {
        kind = new ScriptedKind(directory);
        kind.ready = new CompletableFuture<>();
        start(Map.of("relais.workers.start-timeout", "1s"));
        await().until(() -> kind.last(1) != null);
    }

    /** Later generations have a start-timeout in which all their children have to answer, and nobody waits for their first one. */
    @Test
    void allWorkersOfALaterGenerationStartAtOnce() throws Exception {
        startWhole(Map.of("relais.workers.start-timeout", LONG));
        kind.ready = new CompletableFuture<>();
        group.begin(2, Map.of());
        await().until(() -> kind.started.size() == 4);
    }

    @Test
    void aStartThatFailsIsTriedAgain() {
        kind = new ScriptedKind(directory);
        kind.failingStarts = 3;
        start(Map.of("relais.workers.count", "1"));
        await().until(() -> group.serving().isWhole());
        assertEquals(3, group.restarts(group.workers().get(0)));
        assertTrue(
                group.serving().failure().contains("no room"), group.serving().failure());
    }

    @Test
    void aMasterWhoseChildrenNeverAnswerIsRestarted() {
        kind = new ScriptedKind(directory);
        kind.isMute = true;
        start(Map.of("relais.workers.count", "1", "relais.workers.start-timeout", "200ms"));
        await().until(() -> kind.started.size() > 1);
        kind.isMute = false;
        await().until(() -> group.serving().isWhole());
        assertTrue(kind.started.get(0).hasEnded());
        await().until(() -> group.problem(group.workers().get(0)) == null);
    }

    @Test
    void childrenThatHaveServedEnoughAreReplaced() throws Exception {
        startWhole(Map.of("relais.workers.count", "1", "relais.recycle.requests", "1"));
        Set<Long> before = pids(group.serving());
        assertEquals("served /once", call(group.workers().get(0), "/once"));
        await().until(() -> group.serving().isWhole()
                && !pids(group.serving()).equals(before)
                && group.recycled(RecycleReason.REQUESTS) == 1);
    }

    @Test
    void anotherGenerationTakesOverAndTheFirstOneEnds() throws Exception {
        startWhole(Map.of());
        Generation first = group.serving();
        List<ScriptedProcess> old = List.copyOf(kind.started);
        Generation second = group.begin(2, Map.of());
        await().until(second::isWhole);
        assertSame(first, group.serving());
        assertEquals(List.of(second), group.others());
        group.serve(second);
        first.leave();
        await().until(first::isDrained);
        group.end(first).get(Patience.SECONDS, TimeUnit.SECONDS);
        assertTrue(old.stream().allMatch(ScriptedProcess::hasEnded));
        assertSame(second, group.serving());
        assertEquals(List.of(), group.others());
        assertNotSame(first.workers().get(0), group.workers().get(0));
        assertEquals("served /new", call(group.workers().get(0), "/new"));
    }

    @Test
    void anotherGenerationHasAsManyChildrenAsThereAreToBeThen() throws Exception {
        startWhole(Map.of());
        Generation first = group.serving();
        assertEquals(4, first.size());
        children = 3;
        Generation second = group.begin(2, Map.of());
        await().until(second::isWhole);
        assertEquals(6, second.size());
        assertTrue(kind.steps.contains("sized 3"), kind.steps::toString);
        group.serve(second);
        first.leave();
        await().until(first::isDrained);
        group.end(first).get(Patience.SECONDS, TimeUnit.SECONDS);
        assertEquals("served /new", call(group.workers().get(1), "/new"));
    }

    @Test
    void scriptsAreCompiledInEachWorkerOneRequestAfterAnother() throws Exception {
        startWhole(Map.of());
        List<Path> scripts = List.of(Path.of("/a"), Path.of("/b"), Path.of("/c"));
        group.compilation(group.serving(), scripts)
                .run(System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS))
                .get(Patience.SECONDS, TimeUnit.SECONDS);
        for (Worker worker : group.workers()) {
            assertEquals(3, exchanges(worker));
        }
    }

    private static long exchanges(Worker worker) {
        long sum = 0;
        for (int i = 0; i < worker.size(); i++) {
            sum += worker.slot(i).exchanges();
        }
        return sum;
    }

    @Test
    void missingFilesAreMendedAndCounted() {
        startWhole(Map.of("relais.workers.start-timeout", "100ms"));
        kind.missing = 3;
        await().until(() -> group.mended() == 3);
        assertFalse(group.isBroken());
    }

    @Test
    void theStopEndsAllAndClosesTheKindLast() {
        startWhole(Map.of());
        List<Long> children = new ArrayList<>(pids(group.serving()));
        group.stop();
        assertEquals("closed", kind.steps.get(kind.steps.size() - 1));
        for (long pid : children) {
            assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        }
        assertEquals(List.of(), group.workers());
    }
}
