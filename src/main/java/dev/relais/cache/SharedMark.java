package dev.relais.cache;

import org.jspecify.annotations.Nullable;

/**
 * What a kept answer has to do with the shared level. Immutable.
 *
 * @param moment that was known when PHP was asked for it
 * @param token of its resource there; null when it is not known
 * @param isNew whether the resource was not there when it was looked up
 * @param isLoaded whether another gateway has made the answer
 */
record SharedMark(SharedMoment moment, @Nullable String token, boolean isNew, boolean isLoaded) {
    static @Nullable SharedMark of(@Nullable SharedMoment moment, @Nullable String token, boolean isNew) {
        return moment == null ? null : new SharedMark(moment, token, isNew, false);
    }

    static boolean isLoaded(Stored stored) {
        SharedMark mark = stored.mark();
        return mark != null && mark.isLoaded;
    }

    /** What Cache-Status says of an answer that was found in the shared level. */
    static String hit(Stored stored, long nowMillis) {
        return CacheStatus.hit(stored.ttl(nowMillis), "redis");
    }
}
