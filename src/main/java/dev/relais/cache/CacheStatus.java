package dev.relais.cache;

import org.jspecify.annotations.Nullable;

/** The values of Cache-Status (RFC 9211), which say of each answer how the cache came to it. */
public final class CacheStatus {
    public static final String FIELD = "Cache-Status";

    private static final String CACHE = "Relais";

    /** Why a request went on to PHP (section 2.2). */
    public enum Forward {
        BYPASS("bypass"),
        METHOD("method"),
        URI_MISS("uri-miss"),
        VARY_MISS("vary-miss"),
        REQUEST("request"),
        STALE("stale");

        private final String parameter;

        Forward(String word) {
            parameter = "; fwd=" + word;
        }
    }

    private CacheStatus() {}

    /** The answer is a stored one, and PHP was not asked. */
    public static String hit(long ttl, @Nullable String detail) {
        return detail(CACHE + "; hit; ttl=" + ttl, detail);
    }

    /**
     * The answer is the one that PHP gave.
     *
     * @param status of PHP's answer, when it is another one than the client gets; 0 otherwise
     * @param stored whether it is kept
     * @param ttl for how long it is fresh; counts only if it is stored
     * @param collapsed whether another request has asked PHP for it
     */
    public static String forwarded(
            Forward why, int status, boolean stored, long ttl, boolean collapsed, @Nullable String detail) {
        StringBuilder value = new StringBuilder(64).append(CACHE).append(why.parameter);
        if (status != 0) {
            value.append("; fwd-status=").append(status);
        }
        if (stored) {
            value.append("; stored; ttl=").append(ttl);
        }
        if (collapsed) {
            value.append("; collapsed");
        }
        return detail(value.toString(), detail);
    }

    private static String detail(String value, @Nullable String detail) {
        return detail == null ? value : value + "; detail=" + detail;
    }
}
