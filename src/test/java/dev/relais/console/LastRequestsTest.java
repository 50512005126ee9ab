package dev.relais.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.relais.slot.OwnerNumbers;
import dev.relais.telemetry.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LastRequestsTest {
    private final LastRequests requests = new LastRequests(() -> Instant.EPOCH);

    private static final OwnerNumbers WORKER = new OwnerNumbers(1, 1);

    private void ends(String id, int status, boolean claimed, long millis) {
        Timeline timeline = new Timeline(Requests.of(id), 0);
        timeline.queued(TimeUnit.MILLISECONDS.toNanos(1));
        if (claimed) {
            timeline.claimed(WORKER, 4711, "/api/hello", TimeUnit.MILLISECONDS.toNanos(3));
        }
        timeline.end(status, 10, 20, TimeUnit.MILLISECONDS.toNanos(millis));
        requests.ended(timeline);
    }

    private List<String> ids() {
        return requests.last().stream().map(PastRequest::id).toList();
    }

    @Test
    void onlySlowAndFailedOnesAreKeptAndNoRefusedOnes() {
        ends("quick", 200, true, 999);
        ends("slow", 200, true, 1_000);
        ends("failed", 502, true, 5);
        ends("refused", 503, false, 5);
        ends("gone", 499, true, 5);
        ends("waited", 503, false, 1_500);
        assertEquals(List.of("slow", "failed", "waited"), ids());
    }

    @Test
    void oneHasItsMoments() {
        ends("failed", 502, true, 5);
        PastRequest entry = requests.last().get(0);
        assertEquals(1, entry.queued());
        assertEquals(3, entry.claimed());
        assertEquals(-1, entry.firstByte());
        assertEquals(5, entry.end());
        assertEquals(4711, entry.child());
        assertNull(entry.function());
        assertEquals(502, entry.json().getInteger("status"));
    }

    @Test
    void onlySomeAreKept() {
        for (int i = 0; i < LastRequests.KEPT + 2; i++) {
            ends("r" + i, 500, true, 5);
        }
        assertEquals(LastRequests.KEPT, requests.last().size());
        assertEquals("r2", ids().get(0));
    }
}
