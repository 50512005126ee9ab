package dev.relais.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaturationTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long TENTH = SECOND / 10;
    private static final long PATIENCE = 5 * SECOND;

    /** How long it was away, and there, in turns, in tenths of a second; it is saturated all the time. */
    private static List<Integer> turns(Saturation saturation, long begin, int tenths) {
        List<Integer> turns = new ArrayList<>();
        boolean last = false;
        int length = 0;
        for (int i = 0; i < tenths; i++) {
            boolean away = saturation.isAway(1 + i * TENTH, begin + i * TENTH);
            if (away != last) {
                turns.add(length);
                length = 0;
                last = away;
            }
            length++;
        }
        return turns;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void itIsAwayForTenSecondsAtMostAndThenThereForAtLeastAsLong(int seed) {
        // The time overflows meanwhile, as System.nanoTime may.
        List<Integer> turns = turns(new Saturation(PATIENCE, new Random(seed)), Long.MAX_VALUE - 100 * SECOND, 6_000);
        assertTrue(turns.size() > 20, turns::toString);
        assertTrue(turns.get(0) >= 50 && turns.get(0) <= 76, turns::toString);
        for (int i = 1; i + 1 < turns.size(); i += 2) {
            assertTrue(turns.get(i) >= 50 && turns.get(i) <= 100, "away for " + turns.get(i) + " in " + turns);
            assertTrue(turns.get(i + 1) >= turns.get(i), "there for " + turns.get(i + 1) + " in " + turns);
        }
    }

    @Test
    void ofThreeThatAreSaturatedTogetherAndForEverSomeAreThere() {
        List<Saturation> all = IntStream.range(0, 3)
                .mapToObj(seed -> new Saturation(PATIENCE, new Random(seed)))
                .toList();
        int allAway = 0;
        int looks = 6_000;
        for (int i = 0; i < looks; i++) {
            int away = 0;
            for (Saturation one : all) {
                away += one.isAway(1 + i * TENTH, i * TENTH) ? 1 : 0;
            }
            allAway += away == all.size() ? 1 : 0;
        }
        assertTrue(allAway < looks / 8, "all were away in " + allAway + " of " + looks);
    }

    @Test
    void itIsBackAsSoonAsItIsNotSaturatedAndStaysThen() {
        Saturation saturation = new Saturation(PATIENCE, new Random(1));
        assertTrue(saturation.isAway(8 * SECOND, 8 * SECOND));
        assertFalse(saturation.isAway(0, 9 * SECOND));
        for (long second = 9; second < 14; second++) {
            assertFalse(saturation.isAway(100 * SECOND, second * SECOND), "after " + second);
        }
        assertTrue(saturation.isAway(100 * SECOND, 29 * SECOND), "twice ten seconds are the most");
    }

    @Test
    void aShortSaturationIsNoReason() {
        Saturation saturation = new Saturation(PATIENCE, new Random(1));
        int away = 0;
        for (int i = 0; i < 1_000; i++) {
            away += saturation.isAway(i % 40 * TENTH, i * TENTH) ? 1 : 0;
        }
        assertEquals(0, away);
    }
}
