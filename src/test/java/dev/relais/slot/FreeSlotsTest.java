package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.netty.channel.DefaultEventLoop;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreeSlotsTest {
    @Test
    void noneIsFreeAtFirst() {
        FreeSlots free = new FreeSlots(3, 2, 0);
        assertEquals(3, free.taken());
        assertFalse(free.isAny());
        assertEquals(-1, free.claim(0));
    }

    @Test
    void oneOfTheOwnLoopIsClaimedFirstAndThenTheLowestOfTheOthers() {
        FreeSlots free = new FreeSlots(4, 2, 1); // loop 1 owns 0 and 2, loop 0 owns 1 and 3
        for (int i = 0; i < 4; i++) {
            assertEquals((i + 1) % 2, free.loopOf(i));
            free.release(i);
        }
        assertEquals(1, free.claim(0));
        assertEquals(3, free.claim(0));
        assertEquals(0, free.claim(0));
        assertEquals(2, free.claim(0));
        assertEquals(-1, free.claim(0));
    }

    @Test
    void oneThatIsWithdrawnCannotBeClaimedAndOneThatIsClaimedCannotBeWithdrawn() {
        FreeSlots free = new FreeSlots(70, 1, 0);
        free.release(65);
        assertTrue(free.isFree(65));
        assertTrue(free.withdraw(65));
        assertEquals(-1, free.claim(0));
        free.release(65);
        assertEquals(65, free.claim(0));
        assertFalse(free.withdraw(65));
        assertEquals(70, free.taken());
    }

    /** Also of slots: each request claims one and gives it back. */
    @Test
    void claimingAndReleasingAllocatesNothing() {
        Worker worker = Slots.worker(0, 70, List.of(new DefaultEventLoop(), new DefaultEventLoop()));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long most = 0;
        for (int round = 0; round < 20; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 10_000; i++) {
                Slots.free(worker.tryClaim(i & 1));
            }
            most = threads.getThreadAllocatedBytes(thread) - before;
        }
        assertTrue(most < 10_000, most + " bytes for 10000 claims");
    }
}
