package dev.relais.cache;

import dev.relais.cache.CacheControl.Flag;
import dev.relais.cache.CacheControl.Seconds;

/** Decides whether a stored answer may be given to a request (RFC 9111 section 4, RFC 5861). */
final class UseRules {
    /** What is to be done with a stored answer. */
    enum Use {
        /** It is given. */
        FRESH,
        /** It is given although it is stale, because the client says that it takes it. */
        MAX_STALE,
        /** It is given although it is stale, and PHP is asked meanwhile. */
        WHILE_REVALIDATE,
        /** PHP is asked, because it is stale. */
        STALE,
        /** PHP is asked, because the request wants it. */
        REQUEST,
        /** It is not for this request, which has cookies or credentials. */
        NOT_FOR_IT
    }

    private UseRules() {}

    static Use of(Stored stored, CacheRequest request, long nowMillis) {
        Stored.Rules rules = stored.rules();
        if (request.cookie() && !rules.forCookies() || request.authorization() && !rules.forCredentials()) {
            return Use.NOT_FOR_IT;
        }
        CacheControl wanted = request.control();
        long age = stored.ageSeconds(nowMillis);
        long most = wanted.get(Seconds.MAX_AGE);
        long stale = wanted.get(Seconds.MAX_STALE);
        if (isToBeValidated(wanted)) {
            return Use.REQUEST;
        }
        boolean tooOld = most != CacheControl.NONE && age > most;
        if (tooOld && stale < 0) {
            return Use.REQUEST;
        }
        if (rules.validates()) {
            return Use.STALE;
        }
        long left = stored.ttl(nowMillis);
        if (left > 0) {
            return left < wanted.get(Seconds.MIN_FRESH) ? Use.REQUEST : Use.FRESH;
        }
        if (rules.neverStale()) {
            return Use.STALE;
        }
        if (stale >= -left) {
            return Use.MAX_STALE;
        }
        return -left < rules.whileRevalidate() && wanted.get(Seconds.MIN_FRESH) <= 0 ? Use.WHILE_REVALIDATE : Use.STALE;
    }

    /** A request with max-age=0 is a browser's reload, which wants PHP to be asked. */
    static boolean isToBeValidated(CacheControl wanted) {
        long most = wanted.get(Seconds.MAX_AGE);
        return wanted.has(Flag.NO_CACHE)
                || wanted.has(Flag.NO_STORE)
                || !wanted.noCacheFields().isEmpty()
                || most == 0
                || most == CacheControl.INVALID;
    }

    /** Whether it may be given because PHP has failed (RFC 5861 section 4). */
    static boolean mayReplaceError(Stored stored, CacheRequest request, long nowMillis) {
        long allowed = Math.max(stored.rules().ifError(), request.control().get(Seconds.STALE_IF_ERROR));
        return isWithin(stored, request, allowed, nowMillis);
    }

    /** @param allowedMillis how long an answer may have been stale that is given because there is no child */
    static boolean mayReplaceRefusal(Stored stored, CacheRequest request, long allowedMillis, long nowMillis) {
        return isWithin(stored, request, allowedMillis / 1000, nowMillis)
                || mayReplaceError(stored, request, nowMillis);
    }

    private static boolean isWithin(Stored stored, CacheRequest request, long allowed, long nowMillis) {
        Stored.Rules rules = stored.rules();
        return !rules.neverStale()
                && !rules.validates()
                && !request.isNoStore()
                && !(request.cookie() && !rules.forCookies())
                && !(request.authorization() && !rules.forCredentials())
                && -stored.ttl(nowMillis) < allowed;
    }
}
