package dev.relais.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the body of a function's answer comes from: PHP, or a file that a field of the head names instead. Immutable.
 *
 * @param field the field that names the file; null when PHP sends the body
 * @param file the value of that field, its chars being the bytes received (ISO-8859-1); null without such a field
 */
public record Delivery(@Nullable String field, @Nullable String file) {
    public static final String SENDFILE = "X-Sendfile";
    public static final String ACCEL_REDIRECT = "X-Accel-Redirect";

    static final Delivery BY_PHP = new Delivery(null, null);

    /** Fields that describe the body which is not sent when a file is; those for the server do not reach a client in any case. */
    private static final Set<String> OF_THE_BODY = Set.of(
            "content-length",
            "content-range",
            "content-encoding",
            "accept-ranges",
            "etag",
            "last-modified",
            "location",
            "x-sendfile");

    /**
     * Of two such fields the first one counts, and of a field that is repeated its last value.
     *
     * @param fields name, value, name, value
     */
    static Delivery of(List<String> fields) {
        String field = null;
        String file = null;
        for (int i = 0; i < fields.size(); i += 2) {
            String known = known(fields.get(i));
            if (known != null && (field == null || field.equals(known))) {
                field = known;
                file = fields.get(i + 1);
            }
        }
        return field == null ? BY_PHP : new Delivery(field, file);
    }

    private static @Nullable String known(String name) {
        if (name.length() == SENDFILE.length() && name.equalsIgnoreCase(SENDFILE)) {
            return SENDFILE;
        }
        return name.length() == ACCEL_REDIRECT.length() && name.equalsIgnoreCase(ACCEL_REDIRECT)
                ? ACCEL_REDIRECT
                : null;
    }

    public boolean isByFile() {
        return field != null;
    }

    /** Whether a field of the function's head describes a body that is not sent. */
    boolean drops(String name) {
        return field != null && OF_THE_BODY.contains(name.toLowerCase(Locale.ROOT));
    }
}
