package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who would not be served in time is refused at once, by how long the runs ahead are likely to take. */
class WaitingRoomTimeTest extends WaitingRoomFixture {
    private void runs(Gate gate, long nanos, int count) {
        for (int i = 0; i < count; i++) {
            assertEquals(Gate.Entry.ADMITTED, gate.tryEnter());
            room.ended(gate, nanos);
        }
        room.adapt();
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
}
