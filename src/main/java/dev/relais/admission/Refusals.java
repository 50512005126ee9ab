package dev.relais.admission;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.LongAdder;

/** Refusals since the start, by reason. Any thread. */
@Singleton
public class Refusals {
    private final LongAdder[] counts = new LongAdder[Refusal.values().length];

    public Refusals() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void count(Refusal reason) {
        counts[reason.ordinal()].increment();
    }

    public long of(Refusal reason) {
        return counts[reason.ordinal()].sum();
    }
}
