package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PermitsTest {
    private final Permits permits = new Permits();

    private int takeAll() {
        int taken = 0;
        while (taken < 1_000 && permits.tryAcquire()) {
            taken++;
        }
        return taken;
    }

    @Test
    void withoutReservationsTheFreeChildrenAloneDecide() {
        permits.capacity(2);
        assertEquals(1_000, takeAll());
    }

    @Test
    void whatIsReservedIsLeftOver() {
        permits.capacity(8);
        permits.reserve(3);
        assertEquals(5, takeAll());
        permits.release();
        assertTrue(permits.tryAcquire());
        assertFalse(permits.tryAcquire());
    }

    @Test
    void onePermitIsThereHoweverFewTheChildren() {
        permits.reserve(3);
        for (int children : new int[] {3, 1, 0}) {
            permits.capacity(children);
            assertTrue(permits.tryAcquire());
            assertFalse(permits.tryAcquire());
            permits.release();
        }
    }

    @Test
    void aReservationThatIsGivenUpIsThereForAll() {
        permits.capacity(4);
        permits.reserve(2);
        assertEquals(2, takeAll());
        permits.reserve(-1);
        assertEquals(1, takeAll());
        assertEquals(1, permits.reserved());
        assertEquals(3, permits.used());
    }

    @Test
    void whatRunsOnAReservedChildFromNowOnHoldsNoPermit() {
        permits.capacity(4);
        permits.reserve(2);
        assertEquals(2, takeAll());
        permits.correct(-1);
        assertEquals(1, takeAll());
    }
}
