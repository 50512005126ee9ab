package dev.relais.cache;

import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the shared level did. Any thread. */
public final class SharedCounts {
    /** How a look-up came out. */
    public enum LookUp {
        HIT,
        MISS,
        /** It took too long. */
        TIMEOUT,
        ERROR,
        /** The level was not asked: it is not there, its breaker is open, or too many look-ups are under way. */
        SKIPPED,
        /** What was there cannot be used. */
        BROKEN;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How a write came out. */
    public enum Store {
        STORED,
        /** It was not sent: the level is not there or full, or too much is under way. */
        DROPPED,
        ERROR;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final LongAdder[] lookUps = adders(LookUp.values().length);
    private final LongAdder[] stores = adders(Store.values().length);
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();
    private final LongAdder purgesTold = new LongAdder();
    private final LongAdder purgesHeard = new LongAdder();
    private final LongAdder losses = new LongAdder();

    private static LongAdder[] adders(int count) {
        LongAdder[] adders = new LongAdder[count];
        for (int i = 0; i < count; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }

    public void count(LookUp outcome) {
        lookUps[outcome.ordinal()].increment();
    }

    public void count(Store outcome) {
        stores[outcome.ordinal()].increment();
    }

    public void read(long bytes) {
        bytesRead.add(bytes);
    }

    public void written(long bytes) {
        bytesWritten.add(bytes);
    }

    public void purgeTold() {
        purgesTold.increment();
    }

    public void purgeHeard() {
        purgesHeard.increment();
    }

    /** The journal was lost, so that everything that was kept is forgotten. */
    public void lost() {
        losses.increment();
    }

    public long of(LookUp outcome) {
        return lookUps[outcome.ordinal()].sum();
    }

    public long of(Store outcome) {
        return stores[outcome.ordinal()].sum();
    }

    public long bytesRead() {
        return bytesRead.sum();
    }

    public long bytesWritten() {
        return bytesWritten.sum();
    }

    public long purgesTold() {
        return purgesTold.sum();
    }

    public long purgesHeard() {
        return purgesHeard.sum();
    }

    public long losses() {
        return losses.sum();
    }
}
