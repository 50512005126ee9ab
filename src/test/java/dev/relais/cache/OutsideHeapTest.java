package dev.relais.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.BufferPoolMXBean;
import java.nio.ByteBuffer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class OutsideHeapTest {
    private long used;

    private final OutsideHeap memory = new OutsideHeap(
            new BufferPoolMXBean() {
                @Override
                public String getName() {
                    return "direct";
                }

                @Override
                public long getCount() {
                    return 0;
                }

                @Override
                public long getTotalCapacity() {
                    return used;
                }

                @Override
                public long getMemoryUsed() {
                    return used;
                }

                @Override
                public ObjectName getObjectName() {
                    throw new UnsupportedOperationException();
                }
            },
            100_000);

    @Test
    void aLargeBodyLiesOutsideOfTheHeapAndASmallOneInIt() {
        assertTrue(memory.buffer(OutsideHeap.LEAST).isDirect());
        assertFalse(memory.buffer(OutsideHeap.LEAST - 1).isDirect());
    }

    @Test
    void whenThatMemoryIsHalfUsedTheHeapIsTaken() {
        used = 90_000;
        assertTrue(memory.buffer(10_000).isDirect());
        ByteBuffer more = memory.buffer(10_001);
        assertFalse(more.isDirect());
        assertEquals(10_001, more.remaining());
    }

    @Test
    void thisVirtualMachineTellsHowMuchIsUsed() {
        assertTrue(new OutsideHeap().buffer(OutsideHeap.LEAST).isDirect());
    }
}
