package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The order of lines. No line is kept for a gate at which nothing waits, because gates come and go with functions. */
class LinesTest {
    private final Permits permits = new Permits();
    private final Lines<Guest> lines = new Lines<>(new WaitEstimate(permits));
    private final Gate one = new Gate(permits);
    private final Gate other = new Gate(permits);
    private boolean starved;

    private static final class Guest extends Waiter<Guest> {
        Guest(Gate gate, long key) {
            gate(gate);
            enter(key, 0, 0);
        }
    }

    private Guest add(Gate gate, long key) {
        Guest guest = new Guest(gate, key);
        lines.add(guest);
        return guest;
    }

    private Guest next() {
        return lines.next(() -> starved = true);
    }

    private static void concurrency(Gate gate, int most) {
        gate.limits(new Limits(most, 0, Limits.USUAL_PRIORITY, 100));
    }

    @Test
    void whoHasWaitedLongestIsNext() {
        Guest second = add(one, 2);
        Guest third = add(one, 3);
        Guest first = add(other, 1);
        assertSame(first, lines.first());
        assertSame(first, next());
        assertSame(second, next());
        assertSame(third, next());
        assertNull(next());
        assertEquals(0, lines.size());
    }

    @Test
    void aClockThatWrapsKeepsTheOrder() {
        Guest after = add(one, Long.MIN_VALUE + 1);
        Guest before = add(other, Long.MAX_VALUE);
        assertSame(before, next());
        assertSame(after, next());
    }

    @Test
    void aLineIsForgottenWhenItsLastWaiterIsServedOrLeaves() {
        Guest served = add(one, 1);
        Guest leaves = add(other, 2);
        assertEquals(2, lines.size());
        assertSame(served, next());
        assertEquals(1, lines.size());
        lines.remove(leaves);
        assertEquals(0, lines.size());
        assertFalse(lines.isReady());
    }

    @Test
    void aParkedLineIsForgottenWhenItsLastWaiterLeaves() {
        concurrency(one, 1);
        assertEquals(Gate.Entry.ADMITTED, one.tryEnter());
        Guest waits = add(one, 1);
        assertFalse(lines.isReady(), "its function runs as often as it may");
        lines.remove(waits);
        assertEquals(0, lines.size());
        lines.wake(one);
        assertFalse(lines.isReady());
    }

    @Test
    void aParkedLineGoesOnWhenItsGateIsWoken() {
        concurrency(one, 1);
        assertEquals(Gate.Entry.ADMITTED, one.tryEnter());
        Guest waits = add(one, 1);
        one.exit(-1);
        lines.wake(one);
        assertTrue(lines.isReady());
        assertSame(waits, next());
        assertEquals(0, lines.size());
    }

    @Test
    void aStarvedLineIsKeptForWhoComesAndForgottenOnceItIsFoundEmpty() {
        permits.capacity(1);
        other.limits(new Limits(10, 1, Limits.USUAL_PRIORITY, 100)); // one permit is left over, always
        assertEquals(Gate.Entry.ADMITTED, one.tryEnter());
        Guest leaves = add(one, 1);
        assertNull(next());
        assertTrue(starved);
        lines.remove(leaves);
        assertEquals(1, lines.size(), "it is among the starved");
        Guest comes = add(one, 2);
        lines.remove(comes);
        one.exit(-1);
        lines.wake(other);
        assertEquals(0, lines.size());
    }

    @Test
    void aStarvedLineGoesOnWhenAnyGateIsWoken() {
        permits.capacity(1);
        other.limits(new Limits(10, 1, Limits.USUAL_PRIORITY, 100));
        assertEquals(Gate.Entry.ADMITTED, one.tryEnter());
        Guest waits = add(one, 1);
        assertNull(next());
        one.exit(-1);
        lines.wake(other);
        assertSame(waits, next());
        assertEquals(0, lines.size());
    }

    @Test
    void whoHasLeftOnItsOwnIsPassedOver() {
        Guest gone = add(one, 1);
        Guest stays = add(one, 2);
        assertTrue(gone.leave());
        assertSame(stays, next());
        assertEquals(1, one.running());
        Guest last = add(one, 3);
        assertTrue(last.leave());
        assertNull(next());
        assertEquals(1, one.running(), "nobody was let through in vain");
        assertEquals(0, lines.size());
    }
}
