package dev.relais.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Fields of one connection, which end at the gateway: they reach neither a function nor, from one, a client (RFC 9110 section
 * 7.6.1; the proxy's fields as in RFC 2616 section 13.5.1).
 */
public final class HopByHop {
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

    /** More options than this in {@code Connection} are refused: there are about ten, and few fields to name. */
    static final int MOST_OPTIONS = 64;

    private HopByHop() {}

    public static boolean isOne(String name) {
        // The length is checked first, so that nearly no field has to be converted to lower case.
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

    /**
     * The fields that {@code Connection} names, in small letters; empty when it names none. Read once for each head: looked
     * through for each field, a long list would cost its length times theirs.
     */
    public static Set<String> options(MultiMap headers) {
        String value = headers.get(HttpHeaders.CONNECTION);
        // Nearly every client sends one of these two values, which name no field.
        if (value == null || value.equalsIgnoreCase("keep-alive") || value.equalsIgnoreCase("close")) {
            List<String> values = value == null ? List.of() : headers.getAll(HttpHeaders.CONNECTION);
            if (values.size() < 2) {
                return Set.of();
            }
        }
        Set<String> options = new HashSet<>();
        for (String list : headers.getAll(HttpHeaders.CONNECTION)) {
            addOptions(list, options);
        }
        return options;
    }

    /**
     * Like {@link #options(MultiMap)}, for a function's head.
     *
     * @param fields name, value, name, value
     */
    public static Set<String> options(List<String> fields) {
        Set<String> options = Set.of();
        for (int i = 0; i < fields.size(); i += 2) {
            String name = fields.get(i);
            if (name.length() == 10 && name.equalsIgnoreCase("Connection")) {
                options = options.isEmpty() ? new HashSet<>() : options;
                addOptions(fields.get(i + 1), options);
            }
        }
        return options;
    }

    /**
     * Whether a field of a function's head must not reach the client: it is one of these fields, or an option of the head's {@code
     * Connection}.
     */
    public static boolean isOne(String name, Set<String> options) {
        return isOne(name) || !options.isEmpty() && options.contains(name.toLowerCase(Locale.ROOT));
    }

    private static void addOptions(String list, Set<String> options) {
        for (int from = 0, end; from <= list.length() && options.size() <= MOST_OPTIONS; from = end + 1) {
            int comma = list.indexOf(',', from);
            end = comma < 0 ? list.length() : comma;
            options.add(list.substring(from, end).strip().toLowerCase(Locale.ROOT));
        }
    }

    /** How many options a value of {@code Connection} has at most: one more than its commas. */
    static int countOptions(String list) {
        int count = 1;
        for (int comma = list.indexOf(','); comma >= 0; comma = list.indexOf(',', comma + 1)) {
            count++;
        }
        return count;
    }
}
