package dev.relais;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MovingMeanTest {
    @Test
    void isZeroAndNotFullBeforeTheFirstValue() {
        assertEquals(0, MovingMean.ofAll(4).value());
        assertFalse(MovingMean.ofAll(4).isFull());
        assertFalse(MovingMean.fromFirst(4).isFull());
    }

    @Test
    void ofAllCountsTheFirstValuesAlikeAndForgetsLater() {
        MovingMean mean = MovingMean.ofAll(4);
        assertEquals(10, mean.add(10));
        assertEquals(15, mean.add(20));
        assertEquals(20, mean.add(30));
        assertFalse(mean.isFull());
        assertEquals(25, mean.add(40));
        assertTrue(mean.isFull());
        assertEquals(20, mean.add(5));
        assertEquals(15, mean.add(0));
        assertEquals(15, mean.value());
    }

    @Test
    void fromFirstTheSecondValueCountsForOnePartInSoMany() {
        MovingMean mean = MovingMean.fromFirst(4);
        assertEquals(100, mean.add(100));
        assertTrue(mean.isFull());
        assertEquals(75, mean.add(0));
        assertEquals(81.25, mean.add(100));
    }
}
