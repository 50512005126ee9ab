package dev.relais.telemetry;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.LongAdder;

/** Counts the invocations that have ended, and those of them that the gateway or PHP has failed. Any thread. */
@Singleton
final class LoadCounters implements InvocationObserver {
    private final LongAdder ended = new LongAdder();
    private final LongAdder failed = new LongAdder();

    @Override
    public void ended(Timeline timeline) {
        ended.increment();
        if (timeline.status() >= 500) {
            failed.increment();
        }
    }

    long ended() {
        return ended.sum();
    }

    long failed() {
        return failed.sum();
    }
}
