package dev.relais.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

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
        assertNull(timeline.functionName());
    }

    @Test
    void eachMomentIsSinceTheHead() {
        timeline.body(HEAD + 5);
        timeline.queued(HEAD + 6);
        timeline.claimed(2, 4711, HEAD + 20);
        timeline.firstByte(HEAD + 30);
        timeline.end(200, 100, 2_000, HEAD + 40);

        assertEquals(5, timeline.bodyNanos());
        assertEquals(6, timeline.queuedNanos());
        assertEquals(20, timeline.claimedNanos());
        assertEquals(30, timeline.firstByteNanos());
        assertEquals(40, timeline.endNanos());
        assertEquals(100, timeline.bytesIn());
        assertEquals(2_000, timeline.bytesOut());
        assertEquals(200, timeline.status());
    }

    @Test
    void ofSeveralRunsTheLastCountsAndOfSeveralWaitsTheFirst() {
        timeline.queued(HEAD + 1);
        timeline.claimed(0, 11, HEAD + 2);
        timeline.queued(HEAD + 3);
        timeline.claimed(1, 22, HEAD + 4);

        assertEquals(1, timeline.queuedNanos());
        assertEquals(4, timeline.claimedNanos());
        assertEquals(1, timeline.worker());
        assertEquals(22, timeline.child());
        assertEquals(1, timeline.retries());
    }

    @Test
    void theMetersCountItByFunctionAndStatus() {
        timeline.function(meters.of("hello"));
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
