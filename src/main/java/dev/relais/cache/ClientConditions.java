package dev.relais.cache;

import dev.relais.http.WeakenedTags;
import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions of a client, checked against a stored answer (RFC 9111 section 4.3.2, RFC 9110 section 13.2.2). */
final class ClientConditions {
    private ClientConditions() {}

    /**
     * Whether the client has the stored answer already. If-None-Match takes precedence. Without a Last-Modified the Date counts.
     *
     * @param nowSeconds since 1970
     */
    static boolean isNotModified(Stored stored, MultiMap headers, long nowSeconds) {
        if (stored.status() != 200) {
            return false;
        }
        List<String> tags = headers.getAll("If-None-Match");
        if (!tags.isEmpty()) {
            return names(WeakenedTags.strong(String.join(",", tags)), stored.etag());
        }
        long since = HttpDates.parse(headers.get("If-Modified-Since"), nowSeconds);
        if (since == HttpDates.INVALID) {
            return false;
        }
        String modified = stored.lastModified();
        long changed = HttpDates.parse(modified == null ? Fields.first(stored.fields(), "Date") : modified, nowSeconds);
        return changed != HttpDates.INVALID && changed <= since;
    }

    /** Whether a list has this tag, compared weakly, or is a star. */
    private static boolean names(String list, @Nullable String etag) {
        if (list.strip().equals("*")) {
            return true;
        }
        if (etag == null) {
            return false;
        }
        String wanted = opaque(etag);
        int at = 0;
        while (at < list.length()) {
            int open = list.indexOf('"', at);
            int close = open < 0 ? -1 : list.indexOf('"', open + 1);
            if (close < 0) {
                break;
            }
            if (close + 1 - open == wanted.length() && list.startsWith(wanted, open)) {
                return true;
            }
            at = close + 1;
        }
        for (String one : list.split(",")) { // a tag without quotes, as some applications make
            if (opaque(one.strip()).equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** A tag without its mark of weakness. */
    static String opaque(String etag) {
        return etag.startsWith("W/") ? etag.substring(2) : etag;
    }

    /** Whether a Range counts: If-Range is absent, or names the stored answer by a strong validator (RFC 9110 section 13.1.5). */
    static boolean rangeCounts(Stored stored, @Nullable String ifRange, long nowSeconds) {
        if (ifRange == null) {
            return true;
        }
        String wanted = ifRange.strip();
        if (wanted.startsWith("\"") || wanted.startsWith("W/")) {
            String etag = stored.etag();
            return wanted.equals(etag) && !wanted.startsWith("W/");
        }
        long date = HttpDates.parse(wanted, nowSeconds);
        long modified = HttpDates.parse(stored.lastModified(), nowSeconds);
        return date != HttpDates.INVALID && date == modified;
    }
}
