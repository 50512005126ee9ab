package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.http.ClientPace.Verdict;
import org.junit.jupiter.api.Test;

class ClientPaceTest {
    private static final long SECOND = 1_000_000_000;
    private static final long WRITE = 10 * SECOND;
    private static final int RATE = 500;

    private final ClientPace pace = new ClientPace();
    private long taken;

    /**
     * Looks each second.
     *
     * @return the seconds until the wanted verdict; an hour without it fails
     */
    private int secondsUntil(Verdict wanted, int bytesEach, int everySeconds, int rate) {
        for (int second = 0; second < 3_600; second++) {
            taken += second % everySeconds == 0 ? bytesEach : 0;
            Verdict verdict = pace.look(true, taken, SECOND, WRITE, rate);
            if (verdict != Verdict.FINE) {
                assertEquals(wanted, verdict);
                return second;
            }
        }
        assertEquals(Verdict.FINE, wanted);
        return -1;
    }

    @Test
    void aClientThatTakesNothingStandsStillAfterTheWriteTime() {
        assertEquals(10, secondsUntil(Verdict.STANDS_STILL, 0, 1, RATE));
    }

    @Test
    void aClientThatTakesAByteNowAndThenIsTooSlowSoonAfterTheWriteTime() {
        assertEquals(11, secondsUntil(Verdict.TOO_SLOW, 1, 1, RATE));
    }

    @Test
    void withoutAMinimumRateAByteNowAndThenIsEnough() {
        secondsUntil(Verdict.FINE, 1, 9, 0);
    }

    @Test
    void aClientAtTheMinimumRateIsFineHoweverItTakesItsBytes() {
        secondsUntil(Verdict.FINE, RATE, 1, RATE);
        secondsUntil(Verdict.FINE, 9 * RATE, 9, RATE);
    }

    @Test
    void aClientThatTookMuchAtFirstMayNotStandStillForLonger() {
        taken = 0;
        pace.look(true, taken, SECOND, WRITE, RATE);
        taken = 1 << 30;
        assertEquals(Verdict.FINE, pace.look(true, taken, SECOND, WRITE, RATE));
        assertEquals(9, secondsUntil(Verdict.STANDS_STILL, 0, 1, RATE));
    }

    @Test
    void timeInWhichNothingWaitsDoesNotCount() {
        for (int i = 0; i < 100; i++) {
            for (int second = 0; second < 10; second++) {
                assertEquals(Verdict.FINE, pace.look(true, taken, SECOND, WRITE, RATE));
            }
            assertEquals(Verdict.FINE, pace.look(false, taken, SECOND, WRITE, RATE));
        }
    }

    @Test
    void timeThatIsNotTheClientsDoesNotCount() {
        for (int i = 0; i < 1_000; i++) {
            assertEquals(Verdict.FINE, pace.look(true, taken, 0, WRITE, RATE));
        }
        assertEquals(9, secondsUntil(Verdict.STANDS_STILL, 0, 1, RATE));
    }

    @Test
    void theLargestRateOverflowsNothing() {
        assertEquals(11, secondsUntil(Verdict.TOO_SLOW, 1 << 20, 1, Integer.MAX_VALUE));
        assertEquals(Verdict.STANDS_STILL, new Still().verdict());
    }

    /** For years. */
    private static final class Still {
        Verdict verdict() {
            ClientPace pace = new ClientPace();
            pace.look(true, 0, Long.MAX_VALUE / 4, WRITE, RATE);
            return pace.look(true, 0, Long.MAX_VALUE / 4, WRITE, RATE);
        }
    }
}
