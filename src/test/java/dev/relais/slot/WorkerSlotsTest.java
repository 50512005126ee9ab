package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerSlotsTest {
    /** The event loops are never started, since a slot needs only their identity. */
    private final List<EventLoop> loops = List.of(new DefaultEventLoop(), new DefaultEventLoop());

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 128, 130})
    void claimsEachChildOnce(int children) {
        Worker worker = Slots.worker(0, children, loops);
        assertEquals(0, worker.busy());
        Set<Slot> claimed = new HashSet<>();
        for (int i = 0; i < children; i++) {
            assertTrue(worker.hasFree());
            assertTrue(claimed.add(worker.tryClaim(i % 2)));
            assertEquals(i + 1, worker.busy());
        }
        assertNull(worker.tryClaim(0));
        assertFalse(worker.hasFree());
        claimed.forEach(Slots::free);
        assertEquals(0, worker.busy());
        assertEquals(children, worker.size());
    }

    @Test
    void prefersTheLocalLoopAndOfItsChildrenTheLowest() {
        Worker worker = Slots.worker(1, 130, loops);
        for (int i = 0; i < 65; i++) {
            Slot slot = worker.tryClaim(1);
            assertEquals(1, slot.loopIndex());
            assertSame(loops.get(1), slot.loop());
            assertSame(worker.slot(2 * i), slot); // offset by the worker's id
        }
        assertEquals(0, worker.tryClaim(1).loopIndex());
    }

    @Test
    void withdrawsOnlyWhatIsFree() {
        Worker worker = Slots.worker(0, 66, List.of(loops.get(0)));
        assertTrue(worker.free().withdraw(65));
        assertFalse(worker.free().withdraw(65));
        Slot slot = worker.tryClaim(0);
        assertSame(worker.slot(0), slot);
        assertFalse(worker.free().withdraw(0));
        assertEquals(2, worker.busy());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 64, 130})
    void givesNoChildToTwoUnderContention(int children) throws Exception {
        Worker worker = Slots.worker(0, children, loops);
        AtomicIntegerArray owners = new AtomicIntegerArray(children);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int loop = t % 2;
            Random random = new Random(t);
            all.add(threads.submit(() -> {
                List<Slot> held = new ArrayList<>();
                for (int i = 0; i < 100_000; i++) {
                    Slot slot = random.nextInt(3) > 0 ? worker.tryClaim(loop) : null;
                    if (slot != null) {
                        assertEquals(1, owners.incrementAndGet(slot.index()));
                        held.add(slot);
                    } else if (!held.isEmpty()) {
                        free(held.remove(held.size() - 1), owners);
                    }
                }
                held.forEach(slot -> free(slot, owners));
            }));
        }
        for (Future<?> one : all) {
            one.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        threads.shutdown();
        assertEquals(0, worker.busy());
        for (int i = 0; i < children; i++) {
            assertNotNull(worker.tryClaim(0));
        }
        assertNull(worker.tryClaim(0));
    }

    private static void free(Slot slot, AtomicIntegerArray owners) {
        owners.decrementAndGet(slot.index());
        Slots.free(slot);
    }
}
