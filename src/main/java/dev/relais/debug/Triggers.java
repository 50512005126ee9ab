package dev.relais.debug;

import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds in a request what starts Xdebug: a cookie or a parameter of one of its names, whatever its value. */
final class Triggers {
    /** How much of a form is looked at. */
    private static final int MOST_OF_FORM = 64 << 10;

    private static final Pattern NAMED = Pattern.compile("\\bname=\"(XDEBUG_[A-Z_]+)\"");

    private Triggers() {}

    /**
     * What the request asks for by its cookies and its query; null when it asks for nothing.
     *
     * @param cookies the values of its Cookie fields
     * @param query null when it has none
     * @param any the mode of whoever asks for no certain one
     */
    static @Nullable DebugMode of(List<String> cookies, @Nullable String query, DebugMode any) {
        for (DebugMode mode : DebugMode.values()) {
            for (String name : mode.triggers) {
                if (isIn(cookies, query, name)) {
                    return mode;
                }
            }
        }
        return isIn(cookies, query, DebugMode.ANY) ? any : null;
    }

    /**
     * What the request asks for by a form that it sends; null when it asks for nothing.
     *
     * @param type its media type; null for none
     * @param start gives the beginning of the body
     */
    static @Nullable DebugMode ofForm(@Nullable String type, IntFunction<String> start, DebugMode any) {
        String lower = type == null ? "" : type.toLowerCase(Locale.ROOT);
        if (lower.startsWith("application/x-www-form-urlencoded")) {
            return of(List.of(), start.apply(MOST_OF_FORM), any);
        }
        if (!lower.startsWith("multipart/form-data")) {
            return null;
        }
        String names = String.join(
                "&",
                NAMED.matcher(start.apply(MOST_OF_FORM))
                        .results()
                        .map(name -> name.group(1))
                        .toList());
        return of(List.of(), names, any);
    }

    private static boolean isIn(List<String> cookies, @Nullable String query, String name) {
        for (String line : cookies) {
            if (isNamed(line, ";", name)) {
                return true;
            }
        }
        return query != null && isNamed(query, "&", name);
    }

    private static boolean isNamed(String pairs, String separator, String name) {
        for (String pair : pairs.split(separator)) {
            int end = pair.indexOf('=');
            if ((end < 0 ? pair : pair.substring(0, end)).strip().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
