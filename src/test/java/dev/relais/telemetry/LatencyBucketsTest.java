package dev.relais.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyBucketsTest {
    @ParameterizedTest
    @ValueSource(longs = {200_000, 1_000_000, 3_333_333, 20_000_000, 777_000_000, 5_000_000_000L, 60_000_000_000L})
    void aQuantileOfEqualLatenciesIsOffByAQuarterAtTheMost(long nanos) {
        int[] counts = new int[LatencyBuckets.COUNT];
        counts[LatencyBuckets.of(nanos)] = 1_000;
        for (double part : new double[] {0.01, 0.5, 0.99}) {
            assertEquals(nanos / 1e6, LatencyBuckets.quantile(counts, 0, part), 0.25 * nanos / 1e6);
        }
    }

    @Test
    void quantilesOfManyAreNearTheExactOnes() {
        Random random = new Random(15);
        int[] counts = new int[LatencyBuckets.COUNT];
        double[] all =
                random.doubles(20_000).map(one -> 2 + 500 * one * one).sorted().toArray();
        for (double millis : all) {
            counts[LatencyBuckets.of((long) (millis * 1e6))]++;
        }
        for (double part : new double[] {0.5, 0.95, 0.99}) {
            double exact = all[(int) (part * all.length)];
            assertEquals(exact, LatencyBuckets.quantile(counts, 0, part), 0.13 * exact, "at " + part);
        }
    }

    @Test
    void bucketsNeverDecreaseAndStayInTheirBounds() {
        int last = 0;
        for (long nanos = 1; nanos > 0 && nanos < 1L << 60; nanos += 1 + nanos / 7) {
            int bucket = LatencyBuckets.of(nanos);
            assertTrue(bucket == last || bucket == last + 1, nanos + " is in " + bucket + " after " + last);
            last = bucket;
        }
        assertEquals(LatencyBuckets.COUNT - 1, last);
        assertEquals(0, LatencyBuckets.of(-5));
    }

    @Test
    void thoseThatTookNoTimeCome() {
        int[] counts = new int[LatencyBuckets.COUNT];
        counts[LatencyBuckets.of(10_000_000)] = 10;
        assertEquals(0, LatencyBuckets.quantile(counts, 90, 0.5));
        assertEquals(10, LatencyBuckets.quantile(counts, 90, 0.95), 2.5);
        assertEquals(LatencyBuckets.NONE, LatencyBuckets.quantile(new int[LatencyBuckets.COUNT], 0, 0.5));
    }
}
