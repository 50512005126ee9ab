package dev.relais.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The questions that PHP is asked now, one for each key. Where the last answer could not be shared, the next requests do not wait for
 * each other for a while: they would all be let go one answer later. Any thread.
 */
final class Flights {
    private static final Duration REMEMBERED = Duration.ofMinutes(2);
    private static final int MOST_REMEMBERED = 50_000;

    private final Map<String, Flight> underWay = new ConcurrentHashMap<>();
    private final Cache<String, Boolean> unshared = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .executor(Runnable::run)
            .build();

    /** The result of asking to take off: a flight of one's own, somebody else's, or none. */
    record Boarding(@Nullable Flight own, @Nullable Flight other) {
        static final Boarding ALONE = new Boarding(null, null);
    }

    /**
     * @param isCurrent whether what PHP is asked from this moment on, on the clock of {@link Purges}, is still wanted: whoever comes after
     *     a purge gets no answer that PHP was asked for before it
     */
    Boarding board(String key, LongPredicate isCurrent) {
        if (unshared.getIfPresent(key) != null) {
            return Boarding.ALONE;
        }
        Flight own = new Flight(key);
        Flight other = underWay.putIfAbsent(key, own);
        while (other != null && !isCurrent.test(other.moment())) {
            other = underWay.replace(key, other, own) ? null : underWay.putIfAbsent(key, own);
        }
        return other == null ? new Boarding(own, null) : new Boarding(null, other);
    }

    /** It is over, for whatever reason: the next request asks PHP again. Idempotent. */
    void land(Flight flight) {
        underWay.remove(flight.key(), flight);
        flight.release(); // those who were not told yet
    }

    /** The request that was to ask is gone: those who wait board again. */
    void vacate(Flight flight) {
        underWay.remove(flight.key(), flight);
        flight.vacate();
    }

    /** Its answer could not be shared. */
    void isUnshared(Flight flight) {
        unshared.put(flight.key(), Boolean.TRUE);
        land(flight);
    }

    /** An answer to such a request was kept. */
    void isShared(String key) {
        unshared.invalidate(key);
    }

    int size() {
        return underWay.size();
    }
}
