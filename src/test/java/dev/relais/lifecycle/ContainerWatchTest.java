package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.events.ContainerEvent;
import dev.relais.events.Event;
import dev.relais.system.ContainerSize;
import dev.relais.system.MemoryPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ContainerWatchTest {
    private static final long MIB = 1 << 20;

    private ContainerSize size = new ContainerSize(2, 1024 * MIB, true, Long.MAX_VALUE);
    private int children = 8;
    private int childrenThen = 8;
    private long changes;
    private long childMib = 10;
    private int sums;
    private long nanos = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(90); // so that it overflows, as System.nanoTime may
    private final List<Double> shares = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final ContainerWatch watch = new ContainerWatch(
            new ContainerWatch.Gateway() {
                @Override
                public ContainerSize container() {
                    return size;
                }

                @Override
                public int children() {
                    return children;
                }

                @Override
                public int childrenThen() {
                    return childrenThen;
                }

                @Override
                public long changes() {
                    return changes;
                }

                @Override
                public void switchTo(String reason) {
                    reasons.add(reason);
                }
            },
            this::plan,
            shares::add,
            events::add,
            () -> nanos);

    private MemoryPlan plan() {
        sums++;
        return new MemoryPlan(
                size.memoryBytes(),
                1024 * MIB,
                new MemoryPlan.Gateway(256 * MIB, 64 * MIB, 96 * MIB, 0),
                2,
                136 * MIB,
                16,
                childMib * MIB,
                true);
    }

    private void after(int seconds) {
        for (int i = 0; i < seconds; i++) {
            nanos += TimeUnit.SECONDS.toNanos(1);
            watch.tick();
        }
    }

    @Test
    void aContainerThatStaysAsItIsChangesNothing() {
        after(300);
        assertEquals(List.of(), events);
        assertEquals(List.of(), shares);
        assertEquals(List.of(), reasons);
    }

    @Test
    void aSmallerOneIsFollowedWithinAMinute() {
        after(5);
        size = new ContainerSize(2, 768 * MIB, true, Long.MAX_VALUE);
        childrenThen = 2;
        after(54);
        assertEquals(List.of(), events);
        after(1);
        assertEquals(List.of(0.75), shares);
        assertEquals(List.of("the container has another size"), reasons);
        assertEquals(new ContainerEvent.Resized(2, 768, 2), events.get(0));
        assertEquals("memory-short", events.get(1).type());
        assertEquals(2, events.size());
    }

    @Test
    void aGenerationThatWasRefusedIsAskedForAgainAfterTenMinutes() {
        size = new ContainerSize(2, 768 * MIB, true, Long.MAX_VALUE);
        childrenThen = 2;
        after(60);
        assertEquals(1, reasons.size());
        after(599);
        assertEquals(1, reasons.size());
        after(1);
        assertEquals(2, reasons.size());
        children = 2;
        after(1_200);
        assertEquals(2, reasons.size());
    }

    @Test
    void withAsManyChildrenAsBeforeNoGenerationFollows() {
        size = new ContainerSize(4, 1024 * MIB, true, Long.MAX_VALUE);
        after(60);
        assertEquals(List.of(new ContainerEvent.Resized(4, 1024, 8)), events);
        assertEquals(List.of(), reasons);
    }

    @Test
    void noGenerationFollowsWhileNoneServes() {
        children = 0;
        size = new ContainerSize(2, 2048 * MIB, true, Long.MAX_VALUE);
        childrenThen = 16;
        after(60);
        assertEquals(List.of(2.0), shares);
        assertEquals(List.of(), reasons);
    }

    @Test
    void theMemoryIsWorkedOutAtTheStartAndAfterChildrenWereRecycled() {
        after(1);
        assertEquals(1, sums);
        after(40);
        assertEquals(1, sums);
        childMib = 30;
        changes++;
        after(1);
        assertEquals(2, sums);
        assertEquals(1, events.size());
        assertEquals("memory-short", events.get(0).type());
        childMib = 10;
        changes++;
        after(9);
        assertEquals(2, sums, "not at each child that is recycled");
        after(1);
        assertEquals("memory-fits", events.get(1).type());
    }

    @Test
    void whatIsShortIsToldOnce() {
        childMib = 30;
        for (int i = 0; i < 5; i++) {
            changes++;
            after(20);
        }
        assertEquals(1, events.size());
    }
}
