package dev.relais.http;

import io.vertx.core.MultiMap;

/**
 * Makes the ETags of compressed answers weak, since the same page goes out in other bytes (RFC 9110 section 8.8.1), and strong
 * again when a client sends them back: a script that compares them with its own strong tag would never answer 304 otherwise. A
 * mark inside distinguishes them from PHP's own weak tags, which pass unchanged in both directions. The mark is the same in all
 * gateways and for all codings, because caches bring tags back later and to other gateways.
 *
 * <p>If-Range stays weak, and so never counts (section 13.1.5): a range of the page is none of the compressed bytes that the
 * client has.
 */
public final class WeakenedTags {
    private static final String WEAK = "W/";
    private static final String MARK_AND_QUOTE = ";relais\"";

    private WeakenedTags() {}

    /** @return the weak form of a strong tag; any other tag as it is */
    static String weakened(String tag) {
        if (!isStrong(tag)) {
            return tag;
        }
        return WEAK + tag.substring(0, tag.length() - 1) + MARK_AND_QUOTE;
    }

    /** Whether a request field has tags that are made strong: If-None-Match or If-Match. */
    public static boolean areIn(String field) {
        int length = field.length(); // checked first, so that nearly no field has to be compared
        return length == 13 && field.equalsIgnoreCase("If-None-Match")
                || length == 8 && field.equalsIgnoreCase("If-Match");
    }

    /** @return a list of tags, or {@code *}, with the weakened ones strong again */
    public static String strong(String list) {
        if (!list.contains(MARK_AND_QUOTE)) {
            return list;
        }
        StringBuilder strong = new StringBuilder(list.length());
        int copied = 0;
        int open = list.indexOf('"');
        while (open >= 0) {
            int close = list.indexOf('"', open + 1);
            if (close < 0) {
                break;
            }
            int from = open - WEAK.length();
            int mark = close + 1 - MARK_AND_QUOTE.length();
            if (from >= copied && list.startsWith(WEAK, from) && mark > open && list.startsWith(MARK_AND_QUOTE, mark)) {
                strong.append(list, copied, from).append(list, open, mark).append('"');
                copied = close + 1;
            }
            open = list.indexOf('"', close + 1);
        }
        return strong.append(list, copied, list.length()).toString();
    }

    /** A 304 has the tag of the answer that the client has kept, by which it finds it (RFC 9111 section 4.3.4). */
    static void keepIn304(MultiMap request, MultiMap answer) {
        String tag = answer.get("ETag");
        String list = isStrong(tag) && request.contains("If-None-Match")
                ? String.join(",", request.getAll("If-None-Match"))
                : "";
        String weakened = list.contains(MARK_AND_QUOTE) ? weakened(tag) : "";
        if (!weakened.isEmpty() && list.contains(weakened) && !list.contains(tag)) {
            answer.set("ETag", weakened);
        }
    }

    private static boolean isStrong(String tag) {
        return tag != null && tag.length() > 1 && tag.startsWith("\"") && tag.endsWith("\"");
    }
}
