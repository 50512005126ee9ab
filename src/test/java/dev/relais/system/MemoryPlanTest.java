package dev.relais.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryPlanTest {
    private static final long MIB = 1 << 20;

    private static MemoryPlan plan(long limitMib, long heapMib, int children, long childMib) {
        return new MemoryPlan(
                limitMib * MIB,
                1024 * MIB,
                new MemoryPlan.Gateway(heapMib * MIB, 64 * MIB, 96 * MIB, 0),
                2,
                136 * MIB,
                children,
                childMib * MIB,
                false);
    }

    @Test
    void theOpcacheCountsOnceForEachMasterAndNotForEachChild() {
        assertEquals(
                (256 + 64 + 96 + 2 * 136 + 16 * 20) * MIB,
                plan(1024, 256, 16, 20).total());
    }

    @Test
    void theSumIsWhatOperatorsRead() {
        assertEquals(
                "heap 256 + direct 64 + rest of the gateway 96 + 2 x opcache 136 + 16 children x 20.0 (estimated) = 1008 MiB",
                plan(1024, 256, 16, 20).sum());
    }

    @ParameterizedTest
    @CsvSource({"1024, 20, true", "1024, 22, false", "0, 22, true"})
    void itFitsOrNot(long limit, long child, boolean fits) {
        assertEquals(fits, plan(limit, 256, 16, child).fits());
    }

    @ParameterizedTest
    @CsvSource({
        "1024, 256, 16, false", // the default of the manifest
        "512, 128, 16, false", // too small for the estimates, but it runs
        "64, 32, 16, true", // heap and the JVM's own
        "256, 256, 16, true", // the heap alone fills it
        "512, 128, 2000, true", // a thousand children have half a MiB each
        "0, 256, 2000, false" // nothing is known
    })
    void itIsHopelessWhenTheLeastIsTooMuch(long limit, long heap, int children, boolean hopeless) {
        assertEquals(hopeless, plan(limit, heap, children, 16).isHopeless());
    }

    @Test
    void anotherMemoryThanAtTheStartWantsARestart() {
        assertFalse(plan(1024, 256, 16, 16).heapNeedsRestart());
        assertFalse(plan(1100, 256, 16, 16).heapNeedsRestart());
        assertTrue(plan(2048, 256, 16, 16).heapNeedsRestart());
        assertTrue(plan(512, 256, 16, 16).heapNeedsRestart());
    }
}
