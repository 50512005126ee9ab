package dev.relais.fastcgi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a CGI response (RFC 3875 section 6.2), checked: names are tokens, values carry no CR, LF or NUL.
 *
 * @param status 100 to 999; from the Status field, without that 302 with a Location, otherwise 200
 * @param reason the reason phrase of HTTP/1; may be empty
 * @param fields name, value, name, value, in the script's order, repeated ones kept; without Status and an empty Content-Type.
 *     Values are ISO-8859-1.
 * @param oddity what was left out of the head because no client may see it, without its value; null for nothing
 */
public record ResponseHead(
        int status,
        String reason,
        List<String> fields,
        @Nullable String oddity) {
    public ResponseHead {
        if (status < 100 || status > 999 || fields.size() % 2 != 0) {
            throw new IllegalArgumentException("status " + status + ", " + fields.size() + " strings");
        }
    }

    ResponseHead(int status, String reason, List<String> fields) {
        this(status, reason, fields, null);
    }

    /** The first value of a field, or null; names compare without case. */
    public @Nullable String first(String name) {
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).equalsIgnoreCase(name)) {
                return fields.get(i + 1);
            }
        }
        return null;
    }

    /** The same head without the fields of this name. */
    ResponseHead without(String name) {
        List<String> kept = new ArrayList<>(fields.size());
        for (int i = 0; i < fields.size(); i += 2) {
            if (!fields.get(i).equalsIgnoreCase(name)) {
                kept.add(fields.get(i));
                kept.add(fields.get(i + 1));
            }
        }
        return new ResponseHead(status, reason, kept, oddity);
    }
}
