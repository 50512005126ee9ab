package dev.relais.cache;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the cache did for one function. Any thread. */
public final class CacheCounts {
    /** How a request got its answer. */
    public enum Outcome {
        HIT,
        STALE,
        REVALIDATED,
        COLLAPSED,
        MISS,
        BYPASS;

        private final String word = name().toLowerCase(Locale.ROOT);

        public String word() {
            return word;
        }
    }

    /** Why a stale answer was given. */
    public enum Stale {
        WHILE_REVALIDATE,
        IF_ERROR,
        WHEN_SATURATED,
        MAX_STALE;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final LongAdder[] outcomes = adders(Outcome.values().length);
    private final LongAdder[] stale = adders(Stale.values().length);
    private final AtomicLongArray notStored = new AtomicLongArray(NotStored.values().length);
    private final LongAdder stored = new LongAdder();
    private final LongAdder evicted = new LongAdder();
    private final LongAdder savedNanos = new LongAdder();
    private final LongAdder ageSeconds = new LongAdder();

    private static LongAdder[] adders(int count) {
        LongAdder[] adders = new LongAdder[count];
        for (int i = 0; i < count; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }

    public void count(Outcome outcome) {
        outcomes[outcome.ordinal()].increment();
    }

    /** Counts an answer that PHP need not make, for which it took so long before. */
    public void saved(long runNanos, long age) {
        savedNanos.add(runNanos);
        ageSeconds.add(age);
    }

    public void stale(Stale reason) {
        stale[reason.ordinal()].increment();
    }

    public void notStored(NotStored reason) {
        notStored.incrementAndGet(reason.ordinal());
    }

    public void stored() {
        stored.increment();
    }

    void evicted(int answers) {
        evicted.add(answers);
    }

    public long of(Outcome outcome) {
        return outcomes[outcome.ordinal()].sum();
    }

    public long of(Stale reason) {
        return stale[reason.ordinal()].sum();
    }

    public long of(NotStored reason) {
        return notStored.get(reason.ordinal());
    }

    public long storedAnswers() {
        return stored.sum();
    }

    public long evictedAnswers() {
        return evicted.sum();
    }

    /** The time that PHP would have taken for the answers that it did not make. */
    public double savedSeconds() {
        return savedNanos.sum() / 1e9;
    }

    /** The ages of all answers that were given from the cache, in sum. */
    public double ageSeconds() {
        return ageSeconds.sum();
    }
}
