package dev.relais.files;

import dev.relais.http.WeakenedTags;
import io.netty.handler.codec.DateFormatter;
import io.vertx.core.MultiMap;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** The conditional fields of a GET or HEAD request for a file, in the order of RFC 9110 section 13.2.2. */
final class FileConditions {
    /** The result of evaluating the conditions. */
    public enum Result {
        SEND,
        NOT_MODIFIED,
        FAILED
    }

    private FileConditions() {}

    /**
     * @param etag of the file, strong, with its quotes
     * @param modified in seconds since 1970
     */
    public static Result of(MultiMap headers, String etag, long modified) {
        String match = joined(headers, "If-Match");
        if (match != null) {
            if (!names(match, etag, false)) {
                return Result.FAILED;
            }
        } else {
            Date since = date(headers.get("If-Unmodified-Since"));
            if (since != null && modified > seconds(since)) {
                return Result.FAILED;
            }
        }
        String noneMatch = joined(headers, "If-None-Match");
        if (noneMatch != null) {
            return names(noneMatch, etag, true) ? Result.NOT_MODIFIED : Result.SEND;
        }
        Date since = date(headers.get("If-Modified-Since"));
        return since != null && modified <= seconds(since) ? Result.NOT_MODIFIED : Result.SEND;
    }

    /**
     * Whether the Range field counts: it does without If-Range, or when the file is still the one of which the client has a
     * part.
     */
    public static boolean rangeCounts(MultiMap headers, String etag, long modified) {
        String condition = headers.get("If-Range");
        if (condition == null) {
            return true;
        }
        if (condition.startsWith("\"") || condition.startsWith("W/")) {
            return condition.strip().equals(etag); // strong comparison: a weak one never counts
        }
        Date date = date(condition);
        return date != null && modified == seconds(date);
    }

    /** Whether a list of entity tags has this one. */
    private static boolean names(String list, String etag, boolean weakly) {
        if (list.strip().equals("*")) {
            return true;
        }
        int from = 0;
        while (true) {
            int open = list.indexOf('"', from);
            int close = open < 0 ? -1 : list.indexOf('"', open + 1);
            if (close < 0) {
                return false;
            }
            boolean weak = list.startsWith("W/", open - 2);
            if ((weakly || !weak) && etag.length() == close + 1 - open && list.startsWith(etag, open)) {
                return true;
            }
            from = close + 1;
        }
    }

    private static @Nullable String joined(MultiMap headers, String name) {
        return headers.contains(name) ? WeakenedTags.strong(String.join(",", headers.getAll(name))) : null;
    }

    /** The date of a field; null when there is none or it is invalid, in which case the field is ignored. */
    private static @Nullable Date date(String value) {
        return value == null ? null : DateFormatter.parseHttpDate(value);
    }

    private static long seconds(Date date) {
        return date.getTime() / 1000;
    }
}
