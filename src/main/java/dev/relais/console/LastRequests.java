package dev.relais.console;

import dev.relais.telemetry.InvocationObserver;
import dev.relais.telemetry.Timeline;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The last {@value #KEPT} requests that were slow, which is a second and more, or have failed in PHP, which is a 5xx after they had a child.
 * Those that were refused are not among them: there may be any number, and they have nothing to tell. Any thread.
 */
@Singleton
final class LastRequests implements InvocationObserver {
    static final int KEPT = 100;
    static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final InstantSource clock;
    private final Deque<PastRequest> requests = new ArrayDeque<>(KEPT); // guarded by itself
    private long number; // guarded by requests

    @Inject
    LastRequests() {
        this(InstantSource.system());
    }

    LastRequests(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void ended(Timeline timeline) {
        boolean failed = timeline.status() >= 500 && timeline.claimedNanos() != Timeline.NEVER;
        if (failed || timeline.endNanos() >= SLOW_NANOS) {
            keep(timeline);
        }
    }

    private void keep(Timeline timeline) {
        Instant now = clock.instant();
        synchronized (requests) {
            if (requests.size() == KEPT) {
                requests.removeFirst();
            }
            requests.addLast(PastRequest.of(timeline, ++number, now));
        }
    }

    /** The newest last. */
    List<PastRequest> last() {
        synchronized (requests) {
            return new ArrayList<>(requests);
        }
    }
}
