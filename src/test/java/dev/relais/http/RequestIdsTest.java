package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestIdsTest {
    @Test
    void makesHexadecimalIdsThatDifferEachTime() {
        RequestIds ids = new RequestIds(new Random(1));
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            String id = ids.next();
            assertTrue(id.matches("[0-9a-f]{32}"), id);
            assertTrue(RequestId.isValid(id), id);
            assertTrue(made.add(id), id);
        }
    }

    @Test
    void twoSourcesDifferInTheFirstHalf() {
        String one = new RequestIds(new Random(1)).next();
        String other = new RequestIds(new Random(2)).next();
        assertNotEquals(one.substring(0, 16), other.substring(0, 16));
    }

    @Test
    void theIdsOfOneSourceHaveTheFirstHalfInCommonAndNoCounterInTheSecond() {
        RequestIds ids = new RequestIds(new Random(1));
        String one = ids.next();
        String next = ids.next();
        assertEquals(one.substring(0, 16), next.substring(0, 16));
        long differing = Long.bitCount(half(one) ^ half(next));
        assertTrue(differing > 8, one + " " + next);
    }

    private static long half(String id) {
        return Long.parseUnsignedLong(id.substring(16), 16);
    }
}
