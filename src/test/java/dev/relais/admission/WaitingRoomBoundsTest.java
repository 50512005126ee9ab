package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How many may wait, by their number and by the memory that they take. */
class WaitingRoomBoundsTest extends WaitingRoomFixture {
    @Test
    void whoCouldHaveAChildThatIsHeldForAnInstantMayWaitBeyondTheBounds() {
        Gate gate = room.newGate();
        room.limit(gate, new Limits(2, 0, Limits.USUAL_PRIORITY, 0));
        assertEquals(Refusal.QUEUE_FULL, room.enter(new Guest(gate), 0, PATIENCE));
        assertNull(room.enter(new Guest(gate), 1, PATIENCE, 1));
        assertEquals(Refusal.QUEUE_FULL, room.enter(new Guest(gate), 2, PATIENCE, 1));
        assertNull(room.enter(new Guest(gate), 3, PATIENCE, 8));
        assertEquals(Refusal.QUEUE_FULL, room.enter(new Guest(gate), 4, PATIENCE, 8), "its function may run twice");
        assertEquals(2, room.length());
    }

    @Test
    void refusesWhenFullAndLeavesPlacesForOtherFunctions() {
        WaitingRoom<Guest> small = room(4);
        Gate flood = small.newGate();
        for (int i = 0; i < 3; i++) {
            assertNull(small.enter(new Guest(flood), i, PATIENCE));
        }
        assertEquals(Refusal.QUEUE_FULL, small.enter(new Guest(flood), 4, PATIENCE));
        assertNull(small.enter(new Guest(small.newGate()), 5, PATIENCE));
        assertEquals(Refusal.QUEUE_FULL, small.enter(new Guest(small.newGate()), 6, PATIENCE));
        assertEquals(4, small.length());
    }

    @Test
    void saysWhenItIsTheFunctionsOwnLimitThatRefuses() {
        room.limit(one, limits(1, 0, 5, 1));
        enter(one, 1);
        free(1);
        enter(one, 2);

        assertEquals(Refusal.FUNCTION_LIMIT, room.enter(new Guest(one), 3, PATIENCE));
        assertEquals(1, room.length());
    }

    private static WaitingRoom<Guest> memoryOnly(long bytes) {
        RoomBounds bounds = new RoomBounds(Integer.MAX_VALUE, () -> bytes);
        return new WaitingRoom<>(
                bounds, Duration.ofSeconds(10), Duration.ofSeconds(1), ComputingLimit.none(), new Refusals());
    }

    @Test
    void withoutANumberTheMemoryOfThoseWhoWaitIsTheBound() {
        WaitingRoom<Guest> large = memoryOnly(100_000_000);
        Gate crowd = large.newGate();
        for (int i = 0; i < 7_500; i++) {
            assertNull(large.enter(new Guest(crowd, 10_000), i, PATIENCE));
        }
        assertEquals(Refusal.QUEUE_FULL, large.enter(new Guest(crowd, 10_000), 0, PATIENCE), "three quarters are its");
        assertNull(large.enter(new Guest(large.newGate(), 10_000), 0, PATIENCE));
        assertEquals(7_501, large.length());
        assertEquals(100_000_000 / WaitingRoom.LEAST_BYTES, large.capacity());
    }

    @Test
    void whoTakesMoreMemoryLeavesPlaceForFewer() {
        WaitingRoom<Guest> large = memoryOnly(100_000);
        Gate crowd = large.newGate();
        assertNull(large.enter(new Guest(crowd, 60_000), 0, PATIENCE));
        assertEquals(Refusal.QUEUE_FULL, large.enter(new Guest(crowd, 20_000), 0, PATIENCE));
        assertNull(large.enter(new Guest(crowd, 10_000), 0, PATIENCE));
    }

    @Test
    void theMemoryOfWhoLeavesOrIsServedIsFreeAtOnce() {
        WaitingRoom<Guest> large = memoryOnly(100_000);
        Gate crowd = large.newGate();
        for (int i = 0; i < 10; i++) {
            Guest leaves = new Guest(crowd, 70_000);
            assertNull(large.enter(leaves, i, PATIENCE));
            assertTrue(large.leave(leaves, i % 2 == 0, desk));

            Guest served = new Guest(crowd, 70_000);
            assertNull(large.enter(served, i, PATIENCE));
            desk.put();
            large.serve(desk);
            assertEquals(served, desk.handed.poll());
        }
        assertEquals(0, crowd.waitingBytes());
        assertEquals(0, large.length());
    }

    @Test
    void aFunctionsOwnQueueStaysACount() {
        WaitingRoom<Guest> large = memoryOnly(100_000_000);
        Gate gate = large.newGate();
        large.limit(gate, limits(100, 0, 5, 2));
        assertNull(large.enter(new Guest(gate, 10), 0, PATIENCE));
        assertNull(large.enter(new Guest(gate, 10), 0, PATIENCE));
        assertEquals(Refusal.QUEUE_FULL, large.enter(new Guest(gate, 10), 0, PATIENCE));
    }
}
