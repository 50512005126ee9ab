package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link System#nanoTime} may have any value, and overflow. */
class BusyTimeTest {
    @ParameterizedTest
    @ValueSource(longs = {0, -7_000, 7_000, Long.MAX_VALUE - 250, Long.MIN_VALUE})
    void whatRunsCountsFromItsBeginAndWhatHasRunStaysCounted(long origin) {
        BusyTime time = new BusyTime();
        assertEquals(0, time.nanos(origin + 100));
        time.begin(origin + 100);
        assertEquals(0, time.nanos(origin + 100));
        assertEquals(50, time.nanos(origin + 150));
        time.end(origin + 200);
        assertEquals(100, time.nanos(origin + 200));
        assertEquals(100, time.nanos(origin + 300));
        time.begin(origin + 300);
        assertEquals(101, time.nanos(origin + 301));
        time.end(origin + 302);
        assertEquals(102, time.nanos(origin + 1000));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE})
    void oneThatNobodyHasEndedEndsWithTheNext(long origin) {
        BusyTime time = new BusyTime();
        time.begin(origin);
        time.begin(origin + 10);
        assertEquals(15, time.nanos(origin + 15));
        time.end(origin + 20);
        assertEquals(20, time.nanos(origin + 30));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE})
    void oneThatBeginsAtTheFirstMomentRuns(long origin) {
        BusyTime time = new BusyTime();
        time.begin(origin);
        assertEquals(5, time.nanos(origin + 5));
        time.end(origin + 5);
        time.end(origin + 9); // a second end, as of an abandoned exchange whose connection breaks
        assertEquals(5, time.nanos(origin + 10));
    }
}
