package dev.relais.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.relais.slot.OwnerNumbers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final long HEAD = Long.MAX_VALUE - 10; // wraps in the middle, as nanoTime may

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final InvocationMeters meters = new InvocationMeters(registry);
    private final Timeline timeline = new Timeline(null, HEAD);

    private long count(String function, String status) {
        return registry.get("relais.invocations")
                .tag("function", function)
                .tag("status", status)
                .timer()
                .count();
    }

    private static OwnerNumbers worker(int id) {
        return new OwnerNumbers(id, 100 + id);
    }

    @Test
    void whatHasNotComeIsNever() {
        assertEquals(Timeline.NEVER, timeline.bodyNanos());
        assertEquals(Timeline.NEVER, timeline.queuedNanos());
        assertEquals(Timeline.NEVER, timeline.claimedNanos());
        assertEquals(Timeline.NEVER, timeline.firstByteNanos());
        assertEquals(Timeline.NEVER, timeline.endNanos());
        assertEquals(Timeline.NEVER, timeline.child());
        assertEquals(-1, timeline.worker());
        assertEquals(0, timeline.retries());
        assertEquals(Timeline.NEVER, timeline.lastByteNanos());
        assertEquals(-1, timeline.generation());
        assertNull(timeline.functionName());
        assertNull(timeline.script());
        assertNull(timeline.cache());
        assertNull(timeline.source());
        assertNull(timeline.problem());
    }

    @Test
    void eachMomentIsSinceTheHead() {
        timeline.body(HEAD + 5);
        timeline.queued(HEAD + 6);
        timeline.claimed(worker(2), 4711, "/api/a", HEAD + 20);
        timeline.firstByte(HEAD + 30);
        timeline.lastByte(HEAD + 35);
        timeline.end(200, 100, 2_000, HEAD + 40);

        assertEquals(5, timeline.bodyNanos());
        assertEquals(6, timeline.queuedNanos());
        assertEquals(20, timeline.claimedNanos());
        assertEquals(30, timeline.firstByteNanos());
        assertEquals(35, timeline.lastByteNanos());
        assertEquals(40, timeline.endNanos());
        assertEquals(100, timeline.bytesIn());
        assertEquals(2_000, timeline.bytesOut());
        assertEquals(200, timeline.status());
    }

    @Test
    void ofSeveralRunsTheLastCountsAndOfSeveralWaitsTheFirst() {
        timeline.queued(HEAD + 1);
        timeline.claimed(worker(0), 11, "/api/a", HEAD + 2);
        timeline.lastByte(HEAD + 3);
        timeline.queued(HEAD + 3);
        timeline.claimed(worker(1), 22, "/api/b", HEAD + 4);

        assertEquals(1, timeline.queuedNanos());
        assertEquals(4, timeline.claimedNanos());
        assertEquals(1, timeline.worker());
        assertEquals(22, timeline.child());
        assertEquals(101, timeline.generation());
        assertEquals("/api/b", timeline.script());
        assertEquals(Timeline.NEVER, timeline.lastByteNanos(), "of the run that was lost");
        assertEquals(1, timeline.retries());
    }

    @Test
    void theMetersCountItByFunctionAndStatus() {
        timeline.function(meters.of("hello", () -> 0, () -> 0));
        timeline.end(503, 0, 0, HEAD + TimeUnit.SECONDS.toNanos(2));
        meters.ended(timeline);

        assertEquals("hello", timeline.functionName());
        assertEquals(1, count("hello", "503"));
        assertEquals(2, registry.get("relais.invocations").timer().totalTime(TimeUnit.SECONDS), 0.001);
    }

    @Test
    void oneThatReachedNoFunctionCountsAsNobodys() {
        timeline.end(404, 0, 0, HEAD + 1);
        meters.ended(timeline);

        assertEquals(1, count("(none)", "404"));
    }

    @Test
    void eachObserverIsToldOnce() {
        List<Timeline> first = new ArrayList<>();
        List<Timeline> second = new ArrayList<>();
        new InvocationObservers(List.of(first::add, second::add)).ended(timeline);

        assertEquals(1, first.size());
        assertSame(timeline, first.get(0));
        assertSame(timeline, second.get(0));
    }
}
