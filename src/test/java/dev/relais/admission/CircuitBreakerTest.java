package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.events.Events;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a scripted clock: three crashes in 10 s, pauses from 1 s to 8 s. */
class CircuitBreakerTest {
    private long now = Long.MAX_VALUE - 1_000_000_000L; // wraps in the middle, as nanoTime may
    private final Refusals refusals = new Refusals();
    private final Events events = new Events();
    private final CircuitBreaker breaker = breaker(3);
    private final Permits permits = new Permits();
    private final Gate gate = new Gate(permits);

    @BeforeEach
    void enoughChildren() {
        permits.capacity(8);
    }

    private CircuitBreaker breaker(int threshold) {
        return new CircuitBreaker(
                "f",
                null,
                new CircuitBreaker.Poison(
                        threshold, Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(8)),
                refusals,
                events,
                () -> now);
    }

    private void after(long millis) {
        now += millis * 1_000_000;
    }

    private void crash(CircuitBreaker of, int times) {
        for (int i = 0; i < times; i++) {
            of.crashed(of.enter(), 1_000_000);
        }
    }

    private void open() {
        crash(breaker, 3);
        assertTrue(breaker.isOpen());
    }

    @Test
    void crashesWithinTheWindowMakeItRefused() {
        crash(breaker, 2);
        assertFalse(breaker.refuses());
        after(9_999);
        crash(breaker, 1);

        assertTrue(breaker.refuses());
        assertEquals(CircuitBreaker.REFUSED, breaker.enter());
        assertEquals(2, refusals.of(Refusal.POISONED));
        assertEquals(1, breaker.retryAfterSeconds());
    }

    @Test
    void crashesFartherApartThanTheWindowDoNot() {
        for (int i = 0; i < 20; i++) {
            crash(breaker, 2);
            after(10_001);
        }
        assertFalse(breaker.isOpen());
        assertEquals(0, refusals.of(Refusal.POISONED));
    }

    @Test
    void runsThatPassDoNotHideThoseThatCrash() {
        for (int i = 0; i < 3; i++) {
            breaker.passed(breaker.enter(), 1_000_000);
            crash(breaker, 1);
        }
        assertTrue(breaker.isOpen());
    }

    @Test
    void afterThePauseOneTrialIsLetThroughAndASoundOneEndsIt() {
        open();
        after(999);
        assertTrue(breaker.refuses());
        after(1);
        assertFalse(breaker.refuses());
        long trial = breaker.enter();
        assertEquals(CircuitBreaker.REFUSED, breaker.enter());
        assertTrue(breaker.isOpen());

        breaker.passed(trial, 1_000_000);

        assertFalse(breaker.isOpen());
        crash(breaker, 2); // it begins to count anew
        assertFalse(breaker.isOpen());
    }

    @Test
    void eachTrialThatCrashesDoublesThePauseUpToTheLongest() {
        open();
        for (long seconds : new long[] {1, 2, 4, 8, 8}) {
            assertEquals(seconds, breaker.retryAfterSeconds());
            after(seconds * 1000 - 1);
            assertEquals(CircuitBreaker.REFUSED, breaker.enter());
            after(1);
            crash(breaker, 1);
        }
    }

    @Test
    void thePausesGoOnWhereTheyWereUntilItWasSoundForAWhile() {
        open();
        after(1_000);
        breaker.passed(breaker.enter(), 1_000_000);
        after(7_000);
        open();
        assertEquals(2, breaker.retryAfterSeconds());
        after(2_000);
        breaker.passed(breaker.enter(), 1_000_000);
        after(8_001);
        open();
        assertEquals(1, breaker.retryAfterSeconds());
    }

    @Test
    void aTrialThatNeverRanIsGivenBack() {
        open();
        after(1_000);
        breaker.unused(breaker.enter());

        assertFalse(breaker.refuses());
        assertTrue(breaker.enter() > 0);
        assertTrue(breaker.refuses());
    }

    @Test
    void aTrialThatTakesLongerThanThePauseIsNotTheLast() {
        open();
        after(1_000);
        long slow = breaker.enter();
        after(1_000);
        assertTrue(breaker.enter() > 0);
        breaker.passed(slow, 1_000_000);
        assertFalse(breaker.isOpen());
    }

    @Test
    void runsThatBeganBeforeItOpenedDecideNothing() {
        long early = breaker.enter();
        long late = breaker.enter();
        open();
        breaker.crashed(early, 1_000_000);
        breaker.passed(late, 1_000_000);

        assertTrue(breaker.isOpen());
        assertEquals(1, breaker.retryAfterSeconds());
        after(1_000);
        long trial = breaker.enter();
        breaker.crashed(trial, 1_000_000);
        breaker.passed(trial, 1_000_000); // the same run is told over after its crash
        assertTrue(breaker.isOpen());
        assertEquals(2, breaker.retryAfterSeconds());
    }

    private void pass(CircuitBreaker of, int times, long heldNanos) {
        for (int i = 0; i < times; i++) {
            of.passed(of.enter(), heldNanos);
        }
    }

    /** The kernel may end processes because memory has run out. */
    @Test
    void crashesThatAreFewOfItsRunsNeverMakeItRefused() {
        for (int i = 0; i < 100; i++) {
            pass(breaker, 3, 1_000_000);
            crash(breaker, 1);
            after(100);
        }
        assertFalse(breaker.isOpen());
        assertFalse(breaker.refuses());
        assertSame(gate, breaker.gate(gate));
    }

    @Test
    void aThirdOfItsRunsIsEnoughAndOneLessIsNot() {
        pass(breaker, 7, 1_000_000);
        crash(breaker, 3);
        assertFalse(breaker.isOpen());
        crash(breaker, 1);
        assertTrue(breaker.isOpen());
    }

    @Test
    void runsBeforeTheWindowCountNoMore() {
        pass(breaker, 10_000, 1_000_000);
        after(10_001);
        crash(breaker, 3);
        assertTrue(breaker.isOpen());
    }

    @Test
    void aSuspiciousOneHasTwoChildrenAtATimeAndOthersWaitForThem() {
        crash(breaker, 1);
        assertFalse(breaker.isOpen());
        Gate narrow = breaker.gate(gate);
        assertNotSame(gate, narrow);
        assertTrue(breaker.narrows(gate));
        assertFalse(breaker.narrows(narrow));
        assertEquals(Gate.Entry.ADMITTED, narrow.tryEnter());
        assertEquals(Gate.Entry.ADMITTED, narrow.tryEnter());
        assertEquals(Gate.Entry.OWN_LIMIT, narrow.tryEnter());
        assertEquals(2, gate.running());
        narrow.exit(-1);
        assertEquals(Gate.Entry.ADMITTED, narrow.tryEnter());
    }

    @Test
    void soundRunsOrTheEndOfTheWindowEndTheSuspicion() {
        crash(breaker, 1);
        pass(breaker, 2, 1_000_000);
        assertNotSame(gate, breaker.gate(gate)); // one of three
        pass(breaker, 1, 1_000_000);
        assertSame(gate, breaker.gate(gate));
        crash(breaker, 1);
        assertNotSame(gate, breaker.gate(gate));
        after(10_001);
        assertSame(gate, breaker.gate(gate));
    }

    /** Only a few runs kill their process, but they take most of the children's time. */
    @Test
    void theChildrensTimeThatIsLostMakesItSuspiciousTooButNeverRefused() {
        pass(breaker, 1_000, 1_000_000);
        breaker.crashed(breaker.enter(), 5_000_000_000L);
        assertSame(gate, breaker.gate(gate)); // one may be bad luck
        breaker.crashed(breaker.enter(), 5_000_000_000L);
        assertNotSame(gate, breaker.gate(gate));
        crash(breaker, 10);
        assertFalse(breaker.isOpen());
    }

    @Test
    void aFunctionThatHasTwoChildrenAtMostNeedsNoNarrowGate() {
        gate.limits(new Limits(2, 0, Limits.USUAL_PRIORITY, 10));
        crash(breaker, 1);
        assertSame(gate, breaker.gate(gate));
    }

    @Test
    void aThresholdOfOneOpensAtTheFirstCrashAndOfZeroNever() {
        CircuitBreaker strict = breaker(1);
        crash(strict, 1);
        assertTrue(strict.isOpen());
        CircuitBreaker off = breaker(0);
        crash(off, 1000);
        assertFalse(off.isOpen());
        assertSame(gate, off.gate(gate));
    }
}
