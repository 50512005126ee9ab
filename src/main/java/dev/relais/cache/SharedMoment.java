package dev.relais.cache;

import org.jspecify.annotations.Nullable;

/**
 * A place in the journal of purges that gateways share: all purges up to here are known. Each shared answer has the one that was known when
 * PHP was asked for it, so that any later purge counts for it. Immutable.
 *
 * @param millis since 1970, on the clock of the shared level
 * @param sequence among those of the same millisecond
 */
public record SharedMoment(long millis, long sequence) implements Comparable<SharedMoment> {
    @Override
    public int compareTo(SharedMoment other) {
        int byTime = Long.compare(millis, other.millis);
        return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }

    boolean isBefore(SharedMoment other) {
        return compareTo(other) < 0;
    }

    /** As {@link #toString} writes it; null when it is none. */
    public static @Nullable SharedMoment parse(String text) {
        int dash = text.indexOf('-');
        try {
            return dash < 0
                    ? null
                    : new SharedMoment(
                            Long.parseUnsignedLong(text.substring(0, dash)),
                            Long.parseUnsignedLong(text.substring(dash + 1)));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return millis + "-" + sequence;
    }
}
