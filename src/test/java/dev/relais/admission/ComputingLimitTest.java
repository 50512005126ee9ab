package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two processors and sixteen children; runs, measurements and ticks are the test's, and no clock runs. */
class ComputingLimitTest {
    private static final int CHILDREN = 16;
    /** So many runs that only compute help on two processors. */
    private static final int HELP = 5;

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private long compiledMillis = 10_000;

    private final WaitingRoom<Guest> room = new WaitingRoom<>(
            new RoomBounds(Integer.MAX_VALUE, () -> Long.MAX_VALUE),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            new ComputingLimit(2, () -> compiledMillis),
            new Refusals());
    private final Desk<Guest> desk = new Desk<>(CHILDREN);
    private final Gate computes = room.newGate();
    private final Gate waits = room.newGate();
    private long now = -5; // a clock reading may be negative

    private static final class Guest extends Waiter<Guest> {
        Guest(Gate gate) {
            gate(gate);
        }
    }

    ComputingLimitTest() {
        room.permits().capacity(CHILDREN);
        room.adapt();
    }

    /** Runs that take turns on the processors: while a processor is waited for nothing is computed. */
    private void measured(Gate gate, long computed, long queued, long waited, int runs) {
        for (int i = 0; i < runs; i++) {
            gate.computed(computed, queued, computed + queued + waited, now);
        }
    }

    private int admitted(Gate gate) {
        int count = 0;
        while (count < 2 * CHILDREN && gate.tryEnter() == Gate.Entry.ADMITTED) {
            count++;
        }
        return count;
    }

    private void ended(Gate gate, int runs) {
        for (int i = 0; i < runs; i++) {
            room.ended(gate, MILLI);
        }
    }

    private Guest enter(Gate gate) {
        Guest guest = new Guest(gate);
        assertNull(room.enter(guest, now++, PATIENCE));
        room.serve(desk);
        return guest;
    }

    private List<Guest> handed() {
        List<Guest> handed = new ArrayList<>(desk.handed);
        desk.handed.clear();
        return handed;
    }

    private void end(Gate gate) {
        room.ended(gate, MILLI);
        desk.put();
        room.serve(desk);
    }

    @ParameterizedTest(name = "{0} of its time on {1} processors: {2} to {3}")
    @CsvSource({
        "1.00,  1,   4,   4",
        "1.00,  2,   5,   5",
        "0.95,  2,   6,   6",
        "0.80,  2,   7,   8",
        "0.50,  2,  13,  14",
        "0.25,  2,  27,  30",
        "0.01,  2, 500, 900",
        "1.00, 64,  67,  67",
        "0.95, 64,  72,  76",
        "0.50, 64, 150, 170",
    })
    void asManyHelpAsKeepTheProcessorsBusy(double share, int processors, int least, int most) {
        double helpful = ComputingLimit.helpful(share, processors);
        assertTrue(helpful >= least - 0.5 && helpful <= most + 0.5, "helpful " + helpful);
    }

    @Test
    void whoNeverComputesIsNeverLimited() {
        assertEquals(Double.POSITIVE_INFINITY, ComputingLimit.helpful(0, 2));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            computes alone                              | 5000 |     0 |     0 | 5
            computes among many: the same               | 5000 | 35000 |     0 | 5
            waits for a database                        |   50 |     0 |  5000 | 32
            computes for a tenth of its time            |  500 |     0 |  4500 | 32
            computes for a tenth, on a busy machine     |  500 |  9500 |  4500 | 32
            computes for the half                       | 2500 |     0 |  2500 | 13
            less held than computed, by a stale reading | 5000 |  5000 | -4000 | 5
            nothing at all                              |    0 |     0 |     0 | 32
            """)
    void runsAsOftenAsHelps(String what, long computed, long queued, long waited, int most) {
        measured(computes, computed, queued, waited, 40);
        assertEquals(most, admitted(computes));
    }

    @Test
    void nothingIsLimitedBeforeEnoughIsKnown() {
        measured(computes, 5000, 0, 0, CpuShare.ENOUGH - 1);
        assertEquals(2 * CHILDREN, admitted(computes));
        measured(computes, 5000, 0, 0, 1);
        assertEquals(Gate.Entry.HELD_BACK, computes.tryEnter());
    }

    @Test
    void nothingIsLimitedWhileTheJvmCompiles() {
        measured(computes, 5000, 0, 0, 40);
        for (int i = 0; i < CHILDREN; i++) {
            enter(computes);
        }
        end(computes);
        assertEquals(HELP + 1, handed().size());
        compiledMillis += 101;
        room.adapt();
        room.serve(desk);
        assertEquals(CHILDREN - HELP - 1, handed().size());

        ended(computes, CHILDREN - 1);
        compiledMillis += 100;
        room.adapt();
        assertEquals(HELP, admitted(computes));
    }

    @Test
    void withAProcessorForEachChildNothingIsLimited() {
        room.permits().capacity(3);
        measured(computes, 5000, 0, 0, 40);
        assertEquals(2 * CHILDREN, admitted(computes), "the free children alone decide");
    }

    @Test
    void theOtherChildrenAreThereForFunctionsThatWait() {
        measured(computes, 5 * MILLI, 0, 0, 40);
        measured(waits, MILLI / 20, 0, 5 * MILLI, 40);
        for (int i = 0; i < 64; i++) {
            enter(computes);
        }
        assertEquals(HELP, handed().size());
        assertTrue(room.isQuiet(), "who comes may try at once");
        for (int i = 0; i < CHILDREN - HELP; i++) {
            enter(waits);
        }
        assertEquals(CHILDREN - HELP, handed().size());
        assertEquals(0, desk.free());
    }

    @Test
    void functionsThatComputeShareTheProcessorsInTheOrderOfTime() {
        Gate other = room.newGate();
        measured(computes, 5000, 0, 0, 40);
        measured(other, 2500, 0, 2500, 40);
        List<Guest> guests = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            guests.add(enter(computes));
            guests.add(enter(other));
        }
        assertEquals(guests.subList(0, 7), handed(), "three fifths and three of thirteen parts, and one more");
        for (int next = 7; next < 10; next++) {
            end(next == 7 ? other : computes);
            assertEquals(List.of(guests.get(next)), handed());
        }
    }

    @Test
    void aCrowdIsServedInItsOrderOneForEachThatEnds() {
        measured(computes, 5000, 0, 0, 40);
        List<Guest> crowd = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            crowd.add(enter(computes));
        }
        for (int i = HELP; i < 40; i++) {
            end(computes);
        }
        assertEquals(crowd, handed());
    }

    @Test
    void whoLeavesWhileHeldBackIsOutAtOnce() {
        measured(computes, 5000, 0, 0, 40);
        List<Guest> crowd = new ArrayList<>();
        for (int i = 0; i < HELP + 3; i++) {
            crowd.add(enter(computes));
        }
        for (Guest guest : crowd.subList(HELP, HELP + 2)) {
            assertTrue(room.leave(guest, false, desk));
        }
        assertEquals(1, room.length());
        handed();
        end(computes);
        assertEquals(crowd.subList(HELP + 2, HELP + 3), handed());
        end(computes);
        Guest next = enter(computes);
        assertEquals(List.of(next), handed(), "an emptied line is like any other");
    }

    @Test
    void aReservationIsKept() {
        room.limit(computes, new Limits(100, 8, Limits.USUAL_PRIORITY, 100));
        measured(computes, 5000, 0, 0, 40);
        assertEquals(8, admitted(computes));
    }

    @Test
    void whoBeginsToWaitIsNotLimitedAfterOneRun() {
        measured(computes, 5000, 0, 0, 40);
        assertEquals(HELP, admitted(computes));
        measured(computes, 5000, 0, 1_000_000, 1); // its database is slow now
        assertEquals(2 * CHILDREN, admitted(computes));
    }

    @Test
    void whoseRunsDoNotEndMayHaveMore() {
        measured(computes, 5000, 0, 0, 40);
        for (int i = 0; i < 64; i++) {
            enter(computes);
        }
        room.adapt();
        room.serve(desk);
        assertEquals(2 * HELP, handed().size(), "they wait for something that the others may not need");
        room.adapt();
        room.serve(desk);
        assertEquals(CHILDREN - 2 * HELP, handed().size());
        assertEquals(0, desk.free());
    }

    @Test
    void runsThatUsuallyTakeSecondsAreGivenTheirTime() {
        for (int i = 0; i < 3; i++) {
            assertEquals(Gate.Entry.ADMITTED, computes.tryEnter());
            room.ended(computes, 2_000 * MILLI);
        }
        measured(computes, 2_000 * MILLI, 0, 0, 40);
        assertEquals(HELP, admitted(computes));
        for (int second = 0; second < 5; second++) {
            room.adapt();
            assertEquals(Gate.Entry.HELD_BACK, computes.tryEnter());
        }
        room.adapt();
        assertEquals(Gate.Entry.ADMITTED, computes.tryEnter());
    }

    @Test
    void theMeasurementsEndWhereNobodyWaitsAndThereIsAProcessorForEach() {
        enter(waits);
        enter(waits);
        assertFalse(waits.wantsCpuTime(now));
        enter(waits);
        assertTrue(waits.wantsCpuTime(now));
        assertFalse(waits.wantsCpuTime(now), "one of all functions in 5 ms");
        assertFalse(waits.wantsCpuTime(now + 4 * MILLI));
        assertTrue(waits.wantsCpuTime(now += 5 * MILLI));
        measured(waits, 10, 0, 0, CpuShare.ENOUGH);
        assertFalse(waits.wantsCpuTime(now += 49 * MILLI), "one of each function in 50 ms");
        assertTrue(waits.wantsCpuTime(now + MILLI));
    }

    @Test
    void theFunctionsThatAreLimitedAreCounted() {
        measured(computes, 5000, 0, 0, 40);
        assertEquals(0, room.permits().computingFunctions());
        assertEquals(HELP, admitted(computes));
        ended(computes, 1);
        assertEquals(1, admitted(computes));
        room.adapt();
        assertEquals(1, room.permits().computingFunctions());
        ended(computes, HELP);
        room.adapt();
        assertEquals(0, room.permits().computingFunctions());
        assertEquals(HELP, admitted(computes), "and still limited");
    }

    @Test
    void whoIsHeldBackIsRefusedOnlyWhenItsPartOfTheProcessorsIsTooSmall() {
        for (int i = 0; i < 40; i++) {
            assertEquals(Gate.Entry.ADMITTED, computes.tryEnter());
            room.ended(computes, 100 * MILLI);
        }
        room.adapt();
        measured(computes, 100 * MILLI, 0, 0, 40);
        for (int i = 0; i < HELP + 50; i++) {
            enter(computes);
        }
        assertEquals(HELP, handed().size());
        assertNull(room.enter(new Guest(computes), now, 1_100 * MILLI), "51 of 100 ms, five at a time");
        assertEquals(Refusal.TOO_LATE, room.enter(new Guest(computes), now, 900 * MILLI));
        assertNull(room.enter(new Guest(waits), now, MILLI), "who waits is not behind them");
    }
}
