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

/** In which order those who wait are served, and how they leave. */
class WaitingRoomTest extends WaitingRoomFixture {
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
