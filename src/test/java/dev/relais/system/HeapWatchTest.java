package dev.relais.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HeapWatchTest {
    private long used;
    private long garbage;
    private long now;
    private int collections;
    private final HeapWatch heap = new HeapWatch(() -> used + garbage, 1000, this::collect, () -> now);

    private void collect() {
        collections++;
        garbage = 0;
    }

    @Test
    void isNotExhaustedByGarbage() {
        used = 500;
        garbage = 490;
        assertFalse(heap.isExhausted());
        assertEquals(1, collections);
    }

    @Test
    void asksForNoCollectionWhileThereIsRoom() {
        used = 899;
        assertFalse(heap.isExhausted());
        assertEquals(0, collections);
    }

    @Test
    void isExhaustedWhenACollectionLeavesNoRoomUntilALookFindsSome() {
        used = 960;
        assertTrue(heap.isExhausted());
        assertTrue(heap.isExhausted());
        assertEquals(1, collections, "not at each look");
        used = 300;
        assertFalse(heap.isExhausted());
    }

    @Test
    void garbageThatFillsItAgainIsCollectedAfterAWhile() {
        used = 960;
        assertTrue(heap.isExhausted());
        used = 300;
        garbage = 660;
        assertTrue(heap.isExhausted());
        now += 30_000_000_000L;
        assertFalse(heap.isExhausted());
        assertEquals(2, collections);
    }
}
