package dev.relais.slow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.events.Event;
import dev.relais.events.WorkerEvent.RunSlow;
import dev.relais.process.ProcReader;
import dev.relais.process.ProcessSight;
import dev.relais.slot.ChildState;
import dev.relais.slot.SlotStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowRunsTest {
    @TempDir
    Path proc;

    private final List<Event> events = new ArrayList<>();
    private List<SlotStatus> slots = List.of();
    private long now = Long.MAX_VALUE - 5; // System.nanoTime may be anything
    private int looks;

    private SlowRuns runs(String threshold) {
        ProcReader reader = new ProcReader(proc, 4096);
        return new SlowRuns(
                () -> Duration.parse(threshold),
                () -> {
                    looks++;
                    return Map.of(3, slots);
                },
                pid -> new ProcessSight(reader, pid),
                events::add,
                () -> now);
    }

    private static SlotStatus slot(ChildState state, long pid, String function, long exchanges) {
        return new SlotStatus(state, pid, null, function, -1, 0, 1, exchanges, 0, -1, -1);
    }

    private void ticks(SlowRuns runs, int count) {
        for (int i = 0; i < count; i++) {
            runs.tick();
            now += TimeUnit.SECONDS.toNanos(1);
        }
    }

    private void cpu(long pid, long nanos) throws Exception {
        Files.createDirectories(proc.resolve(Long.toString(pid)));
        Files.writeString(proc.resolve(pid + "/schedstat"), nanos + " 7 9\n");
    }

    @Test
    void aRunThatLastsIsToldOfOnceWithItsShareOfTheProcessor() throws Exception {
        SlowRuns runs = runs("PT3S");
        slots = List.of(slot(ChildState.IDLE, 9, null, 4), slot(ChildState.BUSY, 10, "shop", 5));
        cpu(10, 1_000);
        ticks(runs, 3);
        assertEquals(List.of(), events);

        cpu(10, 1_000 + TimeUnit.SECONDS.toNanos(1));
        ticks(runs, 10);
        assertEquals(List.of(new RunSlow(3, 10, "shop", 3, 50, null, null, null, null, null)), events);
    }

    @Test
    void anotherRunProcessOrStateBeginsAnew() {
        SlowRuns runs = runs("PT3S");
        for (SlotStatus slot : List.of(
                slot(ChildState.BUSY, 10, "shop", 5),
                slot(ChildState.BUSY, 10, "shop", 6),
                slot(ChildState.FINISHING, 11, "shop", 6),
                slot(ChildState.RETIRING, 11, "shop", 6),
                slot(ChildState.BUSY, 11, "shop", 6))) {
            slots = List.of(slot);
            ticks(runs, 3);
        }
        assertEquals(List.of(), events);
        ticks(runs, 1);
        assertEquals(1, events.size());
    }

    @Test
    void eachFunctionIsToldOfOnceAMinute() {
        SlowRuns runs = runs("PT1S");
        slots = List.of(
                slot(ChildState.BUSY, 10, "shop", 5),
                slot(ChildState.BUSY, 11, "shop", 5),
                slot(ChildState.BUSY, 12, "blog", 5));
        ticks(runs, 2);
        assertEquals(2, events.size());

        for (int exchanges = 6; exchanges < 32; exchanges++) {
            slots = List.of(slot(ChildState.BUSY, 10, "shop", exchanges));
            ticks(runs, 2);
        }
        assertEquals(2, events.size()); // 54 s later
        slots = List.of(slot(ChildState.BUSY, 10, "shop", 40));
        ticks(runs, 10);
        slots = List.of(slot(ChildState.BUSY, 10, "shop", 41));
        ticks(runs, 2);
        assertEquals(3, events.size());
    }

    @Test
    void itsMemoryOfFunctionsIsBounded() {
        SlowRuns runs = runs("PT1S");
        for (int i = 0; i <= SlowRuns.MOST_FUNCTIONS; i++) {
            slots = List.of(slot(ChildState.BUSY, 10, "f" + i, i));
            runs.tick();
            now += 1_000_000_000;
            runs.tick();
        }
        slots = List.of(slot(ChildState.BUSY, 10, "f0", -1));
        ticks(runs, 2);
        assertEquals(SlowRuns.MOST_FUNCTIONS + 2, events.size());
    }

    @Test
    void whileItIsOffNothingIsLookedAt() {
        SlowRuns runs = runs("PT0S");
        ticks(runs, 3);
        assertEquals(0, looks);
        assertTrue(events.isEmpty());
    }
}
