package dev.relais.cache;

import dev.relais.cache.CacheControl.Flag;
import dev.relais.cache.CacheControl.Seconds;
import dev.relais.functions.CacheSettings;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides whether an answer to a GET request may be kept (RFC 9111 section 3). */
final class StoreRules {
    /** The status codes whose rules for caches are followed here, for must-understand (section 5.2.2.3). */
    private static final Set<Integer> UNDERSTOOD = Set.of(
            200, 203, 204, 300, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 406, 409, 410, 413, 414, 415, 421,
            422, 429, 451, 500, 501, 502, 503, 504);

    /** The status codes to which the lifetime that {@code functions.yaml} declares applies, when the answer says nothing itself. */
    private static final Set<Integer> POSITIVE = Set.of(200, 203, 204, 301, 308);

    private static final Set<Integer> NEGATIVE = Set.of(404, 405, 410, 414, 501);

    /** The status codes whose lifetime may be guessed (RFC 9110 section 15.1). */
    private static final Set<Integer> HEURISTIC = Set.of(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501);

    private StoreRules() {}

    /**
     * Finds the first reason not to keep an answer.
     *
     * @param fields of the answer, without those of the connection
     * @param control what the answer says
     * @param freshness of the answer, which counts only when it is kept
     * @return null when it may be kept
     */
    static @Nullable NotStored refusal(
            CacheRequest request,
            int status,
            List<String> fields,
            AnswerControl control,
            CacheSettings settings,
            boolean heuristic,
            Freshness freshness) {
        if (status < 200 || status == 206 || status == 304) {
            return NotStored.PARTIAL;
        }
        if (control.has(Flag.BROKEN)) {
            return NotStored.MALFORMED;
        }
        boolean understood = control.has(Flag.MUST_UNDERSTAND) && UNDERSTOOD.contains(status);
        if (control.has(Flag.MUST_UNDERSTAND) && !understood) {
            return NotStored.STATUS;
        }
        if (request.isNoStore()) {
            return NotStored.REQUEST_NO_STORE;
        }
        if (control.has(Flag.NO_STORE) && !understood) {
            return NotStored.NO_STORE;
        }
        if (control.has(Flag.PRIVATE)) {
            return NotStored.PRIVATE;
        }
        if (!isAsked(status, fields, control, settings, heuristic)) {
            return NotStored.NOT_ASKED;
        }
        if (Selection.names(fields) == null) {
            return NotStored.VARY_ALL;
        }
        NotStored personal = personal(request, fields, control, settings);
        if (personal != null) {
            return personal;
        }
        boolean useful = freshness.left(freshness.came()) > 0 && !control.has(Flag.NO_CACHE)
                || Fields.has(fields, "ETag")
                || Fields.has(fields, "Last-Modified")
                || !control.forbidsStale() && mayBecomeStale(control, settings);
        return useful ? null : NotStored.NEVER_FRESH;
    }

    /** Whether it may be given to others although this request could tell one client from another. */
    private static @Nullable NotStored personal(
            CacheRequest request, List<String> fields, AnswerControl control, CacheSettings settings) {
        boolean forOthers = control.isForOthers();
        if (request.authorization() && !forOthers && !control.has(Flag.MUST_REVALIDATE)) {
            return NotStored.AUTHORIZATION;
        }
        if (forOthers || settings.cookies() != null) {
            return null;
        }
        if (request.cookie()) {
            return NotStored.COOKIE;
        }
        boolean stripped = control.control().noCacheFields().contains("set-cookie")
                || control.control().privateFields().contains("set-cookie");
        return !stripped && Fields.has(fields, "Set-Cookie") ? NotStored.SET_COOKIE : null;
    }

    /** Whether the author has asked for it to be kept. */
    private static boolean isAsked(
            int status, List<String> fields, AnswerControl control, CacheSettings settings, boolean heuristic) {
        CacheControl said = control.control();
        return said.has(Seconds.MAX_AGE)
                || said.has(Seconds.S_MAXAGE)
                || control.has(Flag.PUBLIC)
                || control.has(Flag.NO_CACHE)
                || !control.targeted() && Fields.has(fields, "Expires")
                || declared(status, settings) >= 0
                || heuristic && HEURISTIC.contains(status) && Fields.has(fields, "Last-Modified");
    }

    /** Seconds for which {@code functions.yaml} says that an answer of this status is fresh; -1 when it says nothing. */
    static long declared(int status, CacheSettings settings) {
        long millis = POSITIVE.contains(status) ? settings.ttl() : NEGATIVE.contains(status) ? settings.negative() : -1;
        return millis < 0 ? -1 : Math.max(1, millis / 1000);
    }

    static boolean mayBeGuessed(int status, AnswerControl control) {
        return HEURISTIC.contains(status) || control.has(Flag.PUBLIC);
    }

    private static boolean mayBecomeStale(AnswerControl control, CacheSettings settings) {
        return control.seconds(Seconds.STALE_WHILE_REVALIDATE) > 0
                || control.seconds(Seconds.STALE_IF_ERROR) > 0
                || settings.staleWhileRevalidate() > 0
                || settings.staleIfError() > 0;
    }
}
