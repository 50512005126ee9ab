package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long PATIENCE = 10 * SECOND;

    private final WaitingRoom<Guest> room = room(100);
    private final Gate one = room.newGate();
    private final Gate other = room.newGate();
    private final Desk<Guest> desk = new Desk<>(0);

    private static final class Guest extends Waiter<Guest> {
        Guest(Gate gate) {
            gate(gate);
        }

        Guest(Gate gate, long bytes) {
            gate(gate);
            bytes(bytes);
        }
    }

    private static WaitingRoom<Guest> room(int capacity) {
        return new WaitingRoom<>(capacity, Duration.ofSeconds(10), Duration.ofSeconds(1));
    }

    private static Limits limits(int concurrency, int reserved, int priority, int queue) {
        return new Limits(concurrency, reserved, priority, queue);
    }

    private Guest enter(Gate gate, long now) {
        Guest guest = new Guest(gate);
        assertNull(room.enter(guest, now, PATIENCE));
        room.serve(desk);
        return guest;
    }

    /** Children become free, one after the other. */
    private List<Guest> free(int children) {
        for (int i = 0; i < children; i++) {
            desk.put();
            room.serve(desk);
        }
        List<Guest> handed = new ArrayList<>(desk.handed);
        desk.handed.clear();
        return handed;
    }

    private void end(Gate gate) {
        room.ended(gate, -1);
        desk.put();
        room.serve(desk);
    }

    @Test
    void servesInTheOrderOfTimeWhicheverTheFunction() {
        List<Guest> guests = List.of(enter(one, 1), enter(other, 2), enter(one, 3));

        assertEquals(3, room.length());
        assertFalse(room.isQuiet());
        assertEquals(guests, free(3));
        assertEquals(0, room.length());
        assertTrue(room.isQuiet());
        assertEquals(0, desk.free());
    }

    @Test
    void aHigherPriorityIsServedFirstUntilTheLowerOneHasWaitedLongEnough() {
        room.limit(other, limits(100, 0, Limits.USUAL_PRIORITY + 2, 100));
        Guest old = enter(one, 0);
        Guest low = enter(one, SECOND);
        Guest high = enter(other, 2 * SECOND + 1);

        assertEquals(List.of(old, high, low), free(3));
    }

    @Test
    void whoseFunctionRunsAsOftenAsItMayWaitsAndHoldsUpNobody() {
        room.limit(one, limits(1, 0, 5, 100));
        Guest runs = enter(one, 1);
        Guest waits = enter(one, 2);
        Guest passes = enter(other, 3);

        assertEquals(List.of(runs, passes), free(3));
        assertEquals(1, desk.free());
        assertTrue(room.isQuiet(), "a free child is there for others at once");

        room.ended(one, -1);
        assertFalse(room.isQuiet());
        room.serve(desk);
        assertEquals(List.of(waits), new ArrayList<>(desk.handed));
    }

    @Test
    void aNarrowGateHasALineOfItsOwnWithinItsFunctionsLimits() {
        room.limit(one, limits(3, 0, 5, 100));
        Gate narrow = one.narrow(2);
        List<Guest> suspicious = List.of(enter(narrow, 1), enter(narrow, 2), enter(narrow, 3));
        Guest sound = enter(one, 4);
        assertEquals(List.of(suspicious.get(0), suspicious.get(1), sound), free(4));
        assertEquals(3, one.running());

        end(one); // there is room in the function, but not in its narrow gate
        assertEquals(List.of(), free(0));
        end(narrow);
        assertEquals(List.of(suspicious.get(2)), free(0));
    }

    @Test
    void whoWaitsAtANarrowGateForItsFunctionsLimitGoesOnWhenAnyOfTheFunctionEnds() {
        room.limit(one, limits(1, 0, 5, 100));
        Gate narrow = one.narrow(2);
        Guest sound = enter(one, 1);
        Guest suspicious = enter(narrow, 2);
        assertEquals(List.of(sound), free(2));
        end(one);
        assertEquals(List.of(suspicious), free(0));

        Guest next = enter(one, 3);
        assertEquals(List.of(), free(0));
        end(narrow);
        assertEquals(List.of(next), free(0));

        Guest waits = enter(narrow, 4);
        assertEquals(List.of(), free(0));
        room.limit(one, limits(2, 0, 5, 100));
        room.serve(desk);
        assertEquals(List.of(waits), free(0));
    }

    @Test
    void aReservedChildIsLeftForItsFunction() {
        room.permits().capacity(3);
        room.limit(other, limits(100, 1, 5, 100));
        Guest first = enter(one, 1);
        Guest second = enter(one, 2);
        Guest third = enter(one, 3);

        assertEquals(List.of(first, second), free(3));
        assertEquals(1, desk.free());
        Guest served = enter(other, 4);
        assertEquals(List.of(served), new ArrayList<>(desk.handed));
        desk.handed.clear();

        end(other);
        assertEquals(1, desk.free(), "still reserved");
        end(one);
        assertEquals(List.of(third), new ArrayList<>(desk.handed));
    }

    @Test
    void whoRunsOnASharedChildHoldsAReservedOneAsSoonAsThereIsOne() {
        room.permits().capacity(2);
        assertEquals(Gate.Entry.ADMITTED, other.tryEnter());
        assertEquals(1, room.permits().used());
        room.limit(other, limits(100, 1, 5, 100));
        assertEquals(0, room.permits().used());
        room.limit(other, Limits.NONE);
        assertEquals(1, room.permits().used());
        assertEquals(0, room.permits().reserved());
        room.ended(other, -1);
        assertEquals(0, room.permits().used());
    }

    @Test
    void moreChildrenFreeThoseWhoFoundAllReserved() {
        room.permits().capacity(2);
        room.limit(other, limits(100, 1, 5, 100));
        Guest first = enter(one, 1);
        Guest second = enter(one, 2);
        assertEquals(List.of(first), free(2));
        desk.handed.clear();

        room.permits().capacity(3);
        room.permitsChanged();
        room.serve(desk);
        assertEquals(List.of(second), new ArrayList<>(desk.handed));
    }

    @Test
    void aHigherLimitIsFeltByThoseWhoWait() {
        room.limit(one, limits(1, 0, 5, 100));
        enter(one, 1);
        Guest second = enter(one, 2);
        free(2);

        room.limit(one, Limits.NONE);
        room.serve(desk);
        assertEquals(List.of(second), new ArrayList<>(desk.handed));
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
        assertEquals(2, small.refusals().of(Refusal.QUEUE_FULL));
        assertEquals(4, small.length());
    }

    private static WaitingRoom<Guest> memoryOnly(long bytes) {
        RoomBounds bounds = new RoomBounds(Integer.MAX_VALUE, bytes);
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

    /** The runs of the slow one are few, and say nothing of how long the crowd ahead takes. */
    @Test
    void aCrowdOfAFastFunctionIsNotMeasuredByASlowOne() {
        room.permits().capacity(4);
        runs(one, SECOND / 10_000, 200);
        runs(other, 20 * SECOND, 200);
        List<Guest> crowd = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            crowd.add(enter(one, i));
        }
        assertNull(room.enter(new Guest(one), 70, SECOND));
        Guest slow = enter(other, 71);
        assertEquals(Refusal.TOO_LATE, room.enter(new Guest(one), 72, SECOND), "one of twenty seconds is ahead");
        assertTrue(room.leave(slow, false, desk));
        assertNull(room.enter(new Guest(one), 73, SECOND));
    }

    @Test
    void nobodyIsRefusedForTheFirstRunsOfAColdProcess() {
        room.permits().capacity(4);
        for (int i = 0; i < 16; i++) {
            runs(one, SECOND, 1); // compiling, loading
        }
        runs(one, SECOND / 1_000, 1);
        for (int i = 0; i < 70; i++) {
            enter(one, i);
        }
        assertNull(room.enter(new Guest(one), 70, SECOND));
    }

    /** What it cannot wait for does not help it. */
    @Test
    void whoHasLittleTimeIsToldByTheLastRunsAlone() {
        room.permits().capacity(4);
        runs(one, SECOND / 1_000, 200);
        runs(one, SECOND / 10, 200);
        for (int i = 0; i < 20; i++) {
            enter(one, i);
        }
        assertEquals(Refusal.TOO_LATE, room.enter(new Guest(one), 20, SECOND / 5));
        assertNull(room.enter(new Guest(one), 21, PATIENCE));
    }

    private void runs(Gate gate, long nanos, int count) {
        for (int i = 0; i < count; i++) {
            assertEquals(Gate.Entry.ADMITTED, gate.tryEnter());
            room.ended(gate, nanos);
        }
        room.adapt();
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

    @Test
    void refusesAtOnceWhoCannotBeServedInTime() {
        room.permits().capacity(2);
        assertEquals(Gate.Entry.ADMITTED, one.tryEnter());
        room.ended(one, SECOND); // so long a child is usually held
        for (int i = 0; i < 4; i++) {
            enter(one, i);
        }

        assertEquals(Refusal.TOO_LATE, room.enter(new Guest(one), 5, 2 * SECOND));
        assertEquals(3, room.retryAfterSeconds(one)); // five times one second on two children
        assertNull(room.enter(new Guest(one), 6, 3 * SECOND));
        room.limit(other, limits(100, 0, 9, 100));
        assertNull(room.enter(new Guest(other), 7, SECOND), "only those of its priority are ahead");
    }

    @Test
    void whileNoWorkerServesTheRoomIsOpenAllTheSame() {
        room.permits().capacity(0);
        assertEquals(Gate.Entry.ADMITTED, one.tryEnter());
        room.ended(one, SECOND);

        assertNull(room.enter(new Guest(one), 1, SECOND));
        assertEquals(1, room.retryAfterSeconds(one));
    }

    @Test
    void whoLeavesIsOutAtOnceFromWhereverItStands() {
        Guest first = enter(one, 1);
        Guest middle = enter(one, 2);
        Guest last = enter(one, 3);
        assertTrue(room.leave(middle, true, desk));
        assertFalse(room.leave(middle, true, desk));
        assertTrue(room.leave(first, false, desk));

        assertEquals(1, room.refusals().of(Refusal.WAIT_OVER));
        assertEquals(1, room.length());
        assertEquals(List.of(last), free(1));
        assertFalse(room.leave(last, true, desk));
        assertTrue(room.isQuiet());
    }

    @Test
    void whoWasServedInVainMayEnterAgain() {
        Guest guest = enter(one, 1);
        for (int i = 0; i < 3; i++) {
            assertEquals(List.of(guest), free(1));
            room.ended(one, -1);
            assertNull(room.enter(guest, i, PATIENCE));
            room.serve(desk);
        }
        assertTrue(room.leave(guest, true, desk));
    }

    @Test
    void goesOnForTheOthersWhenOneCannotBeServed() {
        Desk<Guest> failing = new Desk<>(0, waiter -> {
            if (waiter.key() == 1 - Limits.USUAL_PRIORITY * SECOND) {
                throw new IllegalStateException("on purpose");
            }
        });
        Guest first = new Guest(one);
        Guest second = new Guest(one);
        room.enter(first, 1, PATIENCE);
        room.enter(second, 2, PATIENCE);
        for (int i = 0; i < 2; i++) {
            failing.put();
            room.serve(failing);
        }

        assertEquals(List.of(first, second), new ArrayList<>(failing.handed));
        assertTrue(room.isQuiet());
    }

    @Test
    void refusesALimitThatIsOutOfRange() {
        assertThrows(ConfigurationProblem.class, () -> room(-1));
        assertThrows(ConfigurationProblem.class, () -> room(1_000_001));
        Duration step = Duration.ofSeconds(1);
        assertThrows(ConfigurationProblem.class, () -> new WaitingRoom<Guest>(1, Duration.ZERO, step));
        assertThrows(ConfigurationProblem.class, () -> new WaitingRoom<Guest>(1, Duration.ofHours(25), step));
        assertThrows(ConfigurationProblem.class, () -> new WaitingRoom<Guest>(1, step, Duration.ofSeconds(-1)));
    }
}
