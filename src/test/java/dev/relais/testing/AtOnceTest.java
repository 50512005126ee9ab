package dev.relais.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AtOnceTest {
    @Test
    void allAreTriedAtTheSameTime() throws Exception {
        CyclicBarrier together = new CyclicBarrier(3);
        AtOnce.each(3, List.of(1, 2, 3), one -> together.await(Patience.SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void eachThatFailsIsToldOfAndTheOthersAreTriedNevertheless() {
        Set<Integer> tried = ConcurrentHashMap.newKeySet();
        AssertionError failed = assertThrows(
                AssertionError.class,
                () -> AtOnce.each(2, List.of(1, 2, 3, 4), one -> {
                    tried.add(one);
                    assertTrue(one % 2 == 0, "odd");
                }));
        assertEquals(Set.of(1, 2, 3, 4), tried);
        assertEquals(
                List.of("failed: 1", "failed: 3"),
                Arrays.stream(failed.getSuppressed()).map(Throwable::getMessage).toList());
    }
}
