package dev.relais.cache;

import dev.relais.cache.CacheControl.Flag;
import java.util.List;

/**
 * What an answer says to this cache: by the field of one of its targets or, without one that applies, by Cache-Control. Immutable.
 *
 * @param control its directives
 * @param targeted whether a targeted field has them, so that Cache-Control and Expires do not count (RFC 9213 section 2.2)
 */
record AnswerControl(CacheControl control, boolean targeted) {
    /** @param targets the targeted fields that are obeyed, the first one first */
    static AnswerControl of(List<String> fields, List<String> targets) {
        CacheControl found = TargetedControl.of(fields, targets);
        return found == null
                ? new AnswerControl(CacheControl.of(fields, "Cache-Control"), false)
                : new AnswerControl(found, true);
    }

    boolean has(Flag flag) {
        return control.has(flag);
    }

    long seconds(CacheControl.Seconds directive) {
        return control.get(directive);
    }

    /** Whether it says itself that others may get it: {@code public}, or {@code s-maxage}, which only shared caches read. */
    boolean isForOthers() {
        return has(Flag.PUBLIC) || control.has(CacheControl.Seconds.S_MAXAGE);
    }

    /** Whether it may never be given when it is stale (RFC 9111 section 4.2.4). */
    boolean forbidsStale() {
        return has(Flag.MUST_REVALIDATE)
                || has(Flag.PROXY_REVALIDATE)
                || has(Flag.NO_CACHE)
                || control.has(CacheControl.Seconds.S_MAXAGE);
    }
}
