package dev.relais.cache;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What was purged by tag, in the order in which it happened: each purge has a moment, and so has each stored answer, namely when PHP
 * was asked for it. An answer is gone when one of its tags was purged after its moment, from that instant on and however many answers
 * have the tag; and an answer that PHP began before a purge is not kept when it comes after it. Any thread.
 */
final class Purges {
    /**
     * @param moment when it was
     * @param soft whether the answers are stale from then on, instead of gone
     * @param millis when it was, since 1970
     * @param before when the same tag was purged the last time before; -1 for never
     */
    record Purge(long moment, boolean soft, long millis, long before) {
        private Purge after(Purge former) {
            return former.moment > moment ? former : new Purge(moment, soft, millis, former.moment);
        }
    }

    private static final int MOST_TAGS = 100_000;

    private final AtomicLong clock = new AtomicLong();
    private final Map<String, Purge> byTag = new ConcurrentHashMap<>();

    /** The moment that is now. */
    long now() {
        return clock.get();
    }

    /** Begins a new moment: what was asked for before is older than it. */
    long next() {
        return clock.incrementAndGet();
    }

    Purge purge(String tag, boolean soft, long nowMillis) {
        return byTag.merge(tag, new Purge(next(), soft, nowMillis, -1), (former, later) -> later.after(former));
    }

    /** Forgets a purge, once no answer is stored that it is about, unless there was a later one. */
    void forget(String tag, Purge purge) {
        byTag.remove(tag, purge);
    }

    /** The purge that an answer has not survived; null when there is none, and a hard one rather than a soft one. */
    @Nullable
    Purge of(List<String> tags, long moment) {
        if (tags.isEmpty() || byTag.isEmpty()) {
            return null;
        }
        Purge found = null;
        for (int i = 0; i < tags.size(); i++) {
            Purge purge = byTag.get(tags.get(i));
            if (purge != null && purge.moment > moment && (found == null || found.soft)) {
                found = purge;
            }
        }
        return found;
    }

    /** Whether one of the tags was purged after the first moment, and not only after the second. Of more than two purges it is supposed. */
    boolean isPurgedBetween(List<String> tags, long first, long second) {
        for (int i = 0; i < tags.size() && !byTag.isEmpty(); i++) {
            Purge purge = byTag.get(tags.get(i));
            if (purge != null && purge.moment > first && (purge.moment <= second || purge.before > first)) {
                return true;
            }
        }
        return false;
    }

    /** Whether more tags were purged than are remembered. */
    boolean isFull() {
        return byTag.size() >= MOST_TAGS;
    }

    /** Forgets all purges, once no answer is stored that is older than they are. */
    void forgetAll() {
        byTag.clear();
    }
}
