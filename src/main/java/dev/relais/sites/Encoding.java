package dev.relais.sites;

import java.nio.charset.StandardCharsets;

/** Percent-encoding (RFC 3986 section 2.1) of text that came from a client and goes into a target or a Location. */
final class Encoding {
    private Encoding() {}

    /**
     * A part of a path. Slashes separate segments.
     *
     * @param from the index from which on slashes are data, and are encoded, too
     */
    static void path(String text, int from, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            int code = text.codePointAt(i);
            if (code == '/' && i < from) {
                out.append('/');
            } else {
                character(code, out);
            }
            i += Character.charCount(code) - 1;
        }
    }

    /** The value of a parameter in a query. */
    static void value(String text, StringBuilder out) {
        path(text, 0, out);
    }

    private static void character(int code, StringBuilder out) {
        if (code < 0x80 && (Character.isLetterOrDigit(code) || "-._~".indexOf(code) >= 0)) {
            out.append((char) code);
            return;
        }
        for (byte b : Character.toString(code).getBytes(StandardCharsets.UTF_8)) {
            out.append('%')
                    .append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)))
                    .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
        }
    }
}
