package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may not run yet, since its function runs as often as it may or all children are reserved, holds up nobody. */
class WaitingRoomGatesTest extends WaitingRoomFixture {
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
}
