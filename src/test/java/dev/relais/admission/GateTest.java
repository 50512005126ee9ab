package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a gate measures of its function's runs. */
class GateTest {
    private final Gate gate = new Gate(new Permits());

    private void runs(long... nanos) {
        for (long held : nanos) {
            gate.tryEnter();
            gate.exit(held);
        }
    }

    @Test
    void aRunThatAlwaysTakesTheSameIsLikelyToDoSoAgain() {
        for (int i = 0; i < 300; i++) {
            runs(20_000);
        }
        assertEquals(20_000, gate.usualNanos(), 1);
        assertEquals(20_000, gate.likelyNanos(), 100);
    }

    @Test
    void runsThatVaryAreLikelyToTakeLongerThanUsual() {
        for (int i = 0; i < 300; i++) {
            runs(10_000, 30_000);
        }
        assertEquals(20_000, gate.usualNanos(), 1_000);
        assertTrue(gate.likelyNanos() >= 30_000, "almost none takes longer: " + gate.likelyNanos());
    }

    @Test
    void nothingIsKnownBeforeTheFirstAndLittleAfterIt() {
        assertEquals(0, gate.likelyNanos());
        runs(20_000);
        assertEquals(60_000, gate.likelyNanos());
    }

    @Test
    void oneIsLeftForTheOthersWhenTheReservationsWouldNeedAllChildrenThereAre() {
        Permits permits = new Permits();
        Gate reserving = new Gate(permits);
        reserving.limits(new Limits(8, 2, 5, 8));
        permits.capacity(2); // a worker is away
        Gate other = new Gate(permits);
        assertEquals(Gate.Entry.ADMITTED, other.tryEnter());
        assertEquals(Gate.Entry.NO_PERMIT, other.tryEnter());
        assertEquals(Gate.Entry.ADMITTED, reserving.tryEnter());
        assertEquals(Gate.Entry.ADMITTED, reserving.tryEnter());
    }
}
