package dev.relais.cache;

import dev.relais.Digits;
import dev.relais.cache.CacheControl.Seconds;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * For how long an answer is fresh, and how old it is (RFC 9111 section 4.2). Immutable.
 *
 * @param lifetime seconds for which it is fresh, counted from its origin; 0 for an answer that is stale from the start
 * @param initialAge milliseconds that it was old when it came: the corrected initial age
 * @param came when it came, in milliseconds since 1970
 */
record Freshness(long lifetime, long initialAge, long came) {
    /** The greatest part of the time since its last change for which an answer is fresh by guess (section 4.2.2). */
    private static final int HEURISTIC_PART = 10;

    /**
     * @param control what the answer says to this cache
     * @param targeted whether a targeted field says it, so that Expires does not count (RFC 9213 section 2.2)
     * @param fields of the answer
     * @param declared seconds that {@code functions.yaml} gives to an answer that says nothing; -1 for none
     * @param heuristic whether a lifetime may be guessed
     * @param askedMillis when PHP was asked
     * @param cameMillis when the head came
     */
    static Freshness of(
            CacheControl control,
            boolean targeted,
            List<String> fields,
            long declared,
            boolean heuristic,
            long askedMillis,
            long cameMillis) {
        long came = Math.floorDiv(cameMillis, 1000L);
        long date = HttpDates.parse(Fields.first(fields, "Date"), came);
        long apparent = date == HttpDates.INVALID ? 0 : Math.max(0, came - date) * 1000;
        long corrected = age(Fields.first(fields, "Age")) * 1000 + Math.max(0, cameMillis - askedMillis);
        long lifetime = lifetime(control, targeted, fields, date == HttpDates.INVALID ? came : date, came);
        if (lifetime == CacheControl.NONE) {
            lifetime = declared >= 0 ? declared : heuristic ? guess(fields, date, came) : 0;
        }
        return new Freshness(lifetime, Math.max(apparent, corrected), cameMillis);
    }

    /** What the answer says of its own lifetime, in this order of precedence; {@link CacheControl#NONE} when it says nothing. */
    static long lifetime(CacheControl control, boolean targeted, List<String> fields, long date, long came) {
        long shared = control.get(Seconds.S_MAXAGE);
        long any = shared == CacheControl.NONE ? control.get(Seconds.MAX_AGE) : shared;
        if (any != CacheControl.NONE) {
            return Math.max(0, any); // an invalid one is 0
        }
        String expires = targeted ? null : Fields.first(fields, "Expires");
        if (expires == null) {
            return CacheControl.NONE;
        }
        long end = HttpDates.parse(expires, came);
        return end == HttpDates.INVALID ? 0 : Math.min(Math.max(0, end - date), CacheControl.MOST_SECONDS);
    }

    private static long guess(List<String> fields, long date, long came) {
        long modified = HttpDates.parse(Fields.first(fields, "Last-Modified"), came);
        long now = date == HttpDates.INVALID ? came : date;
        return modified == HttpDates.INVALID || modified >= now ? 0 : (now - modified) / HEURISTIC_PART;
    }

    /** Of a list the first member counts, and what is no number is ignored (section 5.1). */
    static long age(@Nullable String field) {
        if (field == null) {
            return 0;
        }
        int comma = field.indexOf(',');
        String first = (comma < 0 ? field : field.substring(0, comma)).strip();
        return Math.max(0, Digits.capped(first, CacheControl.MOST_SECONDS - 1));
    }

    /** The current age in whole seconds (section 4.2.3). */
    long age(long nowMillis) {
        long age = (initialAge + Math.max(0, nowMillis - came)) / 1000;
        return Math.min(age, CacheControl.MOST_SECONDS);
    }

    /** The seconds that it stays fresh; 0 or negative when it is stale: as long as it has been. */
    long left(long nowMillis) {
        return lifetime - age(nowMillis);
    }

    /** The same answer, stale from now on: it was purged softly, or something says that it has changed. */
    Freshness ended() {
        return new Freshness(0, initialAge, came);
    }
}
