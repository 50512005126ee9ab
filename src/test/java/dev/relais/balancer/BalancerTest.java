package dev.relais.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.slot.Slot;
import dev.relais.slot.Slots;
import dev.relais.slot.Worker;
import dev.relais.testing.Patience;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BalancerTest {
    private static final long MAX_AGE = 1_000;

    private final List<EventLoop> loops = List.of(new DefaultEventLoop(), new DefaultEventLoop());
    private final Balancer balancer = new Balancer(MAX_AGE, Tuning.RELAIS);

    private static List<WorkerScore> scores(double... values) {
        List<WorkerScore> scores = new ArrayList<>();
        for (double value : values) {
            scores.add(new WorkerScore(value, 0));
        }
        return scores;
    }

    @Test
    void claimsNothingBeforeTheFirstRankingAndOfNoWorkers() {
        assertNull(balancer.claim(0, 0));
        assertFalse(balancer.isServing());
        balancer.rank(List.of(), List.of(), 0);
        assertNull(balancer.claim(0, 0));
    }

    @Test
    void ranksByScoreAndKeepsTheOrderOfEquals() {
        List<Worker> workers = Slots.workers(4, 1, loops);
        balancer.rank(workers, scores(3, 1, 2, 1), 0);
        List<Integer> ids = new ArrayList<>();
        balancer.ranked().forEach(ranked -> ids.add(ranked.worker().id()));
        assertEquals(List.of(1, 3, 2, 0), ids);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 130})
    void findsEveryFreeChildOfAllWorkers(int count) {
        List<Worker> workers = Slots.workers(count, 3, loops);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = 1 + i;
        }
        balancer.rank(workers, scores(values), 0);
        Set<Slot> claimed = new HashSet<>();
        for (int i = 0; i < 3 * count; i++) {
            assertTrue(claimed.add(balancer.claim(i % 2, 0)));
        }
        assertNull(balancer.claim(0, 0));
        assertNull(balancer.claim(1, 0));
    }

    @Test
    void takesTheBandFirstAndThenTheOthersByRank() {
        List<Worker> workers = Slots.workers(4, 2, loops);
        balancer.rank(workers, scores(5, 1, 1.2, 3), 0);
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ids.add(balancer.claim(0, MAX_AGE).worker().id());
        }
        List<Integer> band = ids.subList(0, 4);
        assertEquals(2, Collections.frequency(band, 1));
        assertEquals(2, Collections.frequency(band, 2));
        assertEquals(List.of(3, 3, 0, 0), ids.subList(4, 8));
    }

    @Test
    void takesTheLessBusyOfTwoEqualWorkers() {
        List<Worker> workers = Slots.workers(2, 100, loops);
        balancer.rank(workers, scores(1, 1), 0);
        for (int i = 0; i < 100; i++) {
            balancer.claim(0, 0);
            int difference = Math.abs(workers.get(0).busy() - workers.get(1).busy());
            assertTrue(difference <= 1, () -> "a difference of " + difference);
        }
    }

    @Test
    void drawsFromAllWhenTheSamplesAreOld() {
        List<Worker> workers = Slots.workers(2, 100, loops);
        balancer.rank(workers, scores(1, 10), 0);
        for (int i = 0; i < 10; i++) {
            assertEquals(0, balancer.claim(0, MAX_AGE).worker().id());
        }
        for (int i = 0; i < 10; i++) {
            assertEquals(1, balancer.claim(0, MAX_AGE + 1).worker().id());
        }
    }

    @Test
    void drawsEveryWorkerOfAWideBand() {
        List<Worker> workers = Slots.workers(8, 1_000, loops);
        balancer.rank(workers, scores(1, 1, 1, 1, 1, 1, 1, 1), 0);
        for (int i = 0; i < 800; i++) {
            balancer.claim(0, 0);
        }
        workers.forEach(worker -> assertTrue(worker.busy() > 80 && worker.busy() < 120, worker::toString));
    }

    private static List<Ranked> oneOf(List<Worker> workers, WorkerState state, double score, int allowance) {
        List<Ranked> ranked = new ArrayList<>();
        ranked.add(new Ranked(workers.get(0), score, state, allowance, score, 0));
        workers.subList(1, workers.size()).forEach(worker -> ranked.add(Ranked.normal(worker, 1)));
        return ranked;
    }

    @Test
    void anEjectedWorkerGetsOneProbeAndNothingMore() {
        List<Worker> workers = Slots.workers(2, 4, loops);
        balancer.onPressure(() -> 1_000_000);
        balancer.rank(oneOf(workers, WorkerState.EJECTED, 11, 0), workers.get(0), 0, 0);
        assertSame(workers.get(0), balancer.claim(0, 0).worker());
        for (int i = 0; i < 4; i++) {
            assertSame(workers.get(1), balancer.claim(0, MAX_AGE + 1).worker());
        }
        assertNull(balancer.claim(0, 0));
    }

    @Test
    void whatRunsOnAnEjectedWorkerOrForAnOldGenerationIsNoChildLessForTheOthers() {
        List<Worker> workers = Slots.workers(2, 4, loops);
        workers.forEach(Slots::prove);
        AtomicInteger capacity = new AtomicInteger();
        balancer.onCapacity(capacity::set);
        workers.get(0).tryClaim(0);
        workers.get(0).tryClaim(0);
        balancer.rank(oneOf(workers, WorkerState.NORMAL, 1, 4), null, 0, 0);
        assertEquals(8, capacity.get());
        balancer.rank(oneOf(workers, WorkerState.EJECTED, 11, 0), null, 0, 0);
        assertEquals(2 + 4, capacity.get());
        balancer.rank(oneOf(workers, WorkerState.EJECTED, 11, 0), null, 3, 0);
        assertEquals(2 + 4 + 3, capacity.get());
    }

    @Test
    void aFreedChildOfAnEjectedWorkerServesNobody() {
        List<Worker> workers = Slots.workers(2, 4, loops);
        Slot slot = workers.get(0).tryClaim(0);
        balancer.rank(oneOf(workers, WorkerState.EJECTED, 11, 0), null, 0, 0);
        assertFalse(balancer.mayServe(slot));
        assertTrue(balancer.mayServe(workers.get(1).tryClaim(0)));
        Slots.free(slot);
        balancer.released(slot.worker());
        for (int i = 0; i < 3; i++) {
            assertSame(workers.get(1), balancer.claim(0, 0).worker());
        }
        assertNull(balancer.claim(0, 0));
    }

    @Test
    void aHeldWorkerIsUsedWhenEnoughWait() {
        List<Worker> workers = Slots.workers(2, 4, loops);
        AtomicInteger waiting = new AtomicInteger();
        balancer.onPressure(waiting::get);
        // No child of Slots is proven, so none counts as capacity, and the first waiter is enough.
        balancer.rank(oneOf(workers, WorkerState.HELD, 5, 0), null, 0, 0);
        for (int i = 0; i < 4; i++) {
            assertSame(workers.get(1), balancer.claim(0, 0).worker());
        }
        assertNull(balancer.claim(0, 0));
        waiting.set(1);
        Slot slow = balancer.claim(0, 0);
        assertSame(workers.get(0), slow.worker());
        assertTrue(balancer.mayServe(slow));
        waiting.set(0);
        assertFalse(balancer.mayServe(slow));
    }

    /** The slots of these workers are not proven, so their children do not count as used. */
    @Test
    void aReturningWorkerIsUsedUpToItsAllowance() {
        List<Worker> workers = Slots.workers(2, 4, loops);
        balancer.rank(oneOf(workers, WorkerState.RETURNING, 1, 2 - 4), null, 0, 0);
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ids.add(balancer.claim(0, 0).worker().id());
        }
        assertEquals(2, Collections.frequency(ids, 0));
        assertNull(balancer.claim(0, 0));
        Slot slot = workers.get(0).slot(0);
        assertTrue(balancer.mayServe(slot));
        Slots.free(slot);
        balancer.released(slot.worker());
        assertSame(slot, balancer.claim(0, 0));
        assertNull(balancer.claim(0, 0));
    }

    /** Two workers are drawn at random, and the claim must not depend on whether it draws the free one. */
    @Test
    void findsAFreeChildAtOnceInANewRanking() {
        List<Worker> workers = Slots.workers(64, 1, loops);
        for (int i = 0; i < 63; i++) {
            assertSame(workers.get(i).slot(0), workers.get(i).tryClaim(0));
        }
        double[] values = new double[64];
        java.util.Arrays.fill(values, 1);
        balancer.rank(workers, scores(values), 0);
        assertSame(workers.get(63).slot(0), balancer.claim(0, 0));
        assertNull(balancer.claim(0, 0));
    }

    /**
     * A permit stands for a free child. A thread with a permit must find a child, whatever is claimed, released and ranked
     * meanwhile, except for the instant in which another claimer looks again. So it tries again, for a bounded time.
     */
    @Test
    void losesNoFreeChildOverConcurrentRankings() throws Exception {
        int count = 70;
        List<Worker> workers = Slots.workers(count, 2, loops);
        double[] values = new double[count];
        java.util.Arrays.fill(values, 1);
        balancer.rank(workers, scores(values), 0);
        Semaphore free = new Semaphore(2 * count);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(5);
        Future<?> ranker = threads.submit(() -> {
            Random random = new Random(1);
            while (!over.get()) {
                double[] now = new double[count];
                for (int i = 0; i < count; i++) {
                    now[i] = 1 + random.nextInt(5);
                }
                balancer.rank(workers, scores(now), 0);
            }
        });
        List<Future<?>> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int loop = t % 2;
            Random random = new Random(t);
            all.add(threads.submit(() -> {
                List<Slot> held = new ArrayList<>();
                for (int i = 0; i < 60_000; i++) {
                    if (random.nextInt(5) > 0 && free.tryAcquire()) {
                        held.add(claim(loop));
                    } else if (!held.isEmpty()) {
                        Slot slot = held.remove(random.nextInt(held.size()));
                        Slots.free(slot);
                        balancer.released(slot.worker());
                        free.release();
                    }
                }
                held.forEach(Slots::free);
                held.forEach(slot -> balancer.released(slot.worker()));
            }));
        }
        for (Future<?> one : all) {
            one.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        over.set(true);
        ranker.get(Patience.SECONDS, TimeUnit.SECONDS);
        threads.shutdown();
        Set<Slot> claimed = new HashSet<>();
        for (int i = 0; i < 2 * count; i++) {
            Slot slot = balancer.claim(0, 0);
            assertNotNull(slot, () -> claimed.size() + " were found");
            assertTrue(claimed.add(slot));
        }
        assertNull(balancer.claim(0, 0));
    }

    private Slot claim(int loop) {
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        while (System.nanoTime() - end < 0) {
            Slot slot = balancer.claim(loop, 0);
            if (slot != null) {
                return slot;
            }
            Thread.yield(); // to whoever has taken a part of what would be found
        }
        throw new AssertionError("a child is free and is not found");
    }
}
