package dev.relais.gateway;

import java.util.Locale;
import java.util.Set;

/**
 * Fields of one connection, which end at the gateway: they reach neither a function nor, from one, a client (RFC 9110 section
 * 7.6.1; the proxy's fields as in RFC 2616 section 13.5.1).
 */
final class HopByHop {
    private static final Set<String> NAMES = Set.of(
            "te",
            "upgrade",
            "trailer",
            "connection",
            "keep-alive",
            "http2-settings",
            "proxy-connection",
            "transfer-encoding",
            "proxy-authenticate",
            "proxy-authorization");

    private HopByHop() {}

    static boolean isOne(String name) {
        // A look at the length spares nearly every field the lower-casing.
        int length = name.length();
        boolean candidate = length == 2
                || length == 7
                || length == 10
                || length == 14
                || length == 16
                || length == 17
                || length == 18
                || length == 19;
        return candidate && NAMES.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Whether the field Connection, whose value this is, names this one. @param connection null: there is none */
    static boolean isNamed(String connection, String name) {
        if (connection == null) {
            return false;
        }
        int from = 0;
        while (from <= connection.length()) {
            int comma = connection.indexOf(',', from);
            int end = comma < 0 ? connection.length() : comma;
            int start = from;
            while (start < end && isBlank(connection.charAt(start))) {
                start++;
            }
            from = end + 1;
            while (end > start && isBlank(connection.charAt(end - 1))) {
                end--;
            }
            if (end - start == name.length() && connection.regionMatches(true, start, name, 0, name.length())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
