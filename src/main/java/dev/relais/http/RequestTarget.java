package dev.relais.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The request target (RFC 9112 section 3.2), normalised once: percent-decoded, dot segments resolved, repeated slashes merged.
 * Only this form is used for look-up.
 *
 * <p>A percent-encoded slash does not separate segments of a function's name. {@code encodedSlash} says where the first segment
 * with one begins, and a name that extends beyond it does not match.
 *
 * @param raw as received: REQUEST_URI
 * @param path decoded as UTF-8, begins with a slash
 * @param query without the question mark, raw; empty when there is none
 * @param encodedSlash index into {@code path}, or {@link Integer#MAX_VALUE}
 */
public record RequestTarget(String raw, String path, String query, int encodedSlash) {

    /**
     * @param raw the target of the request line, its chars being the bytes received (ISO-8859-1)
     * @return null when it is malformed: no path, NUL, a broken escape, invalid UTF-8, a climb above the root or behind
     *     an encoded slash, control characters
     */
    public static @Nullable RequestTarget parse(String raw) {
        int start = pathStart(raw);
        if (start < 0) {
            return null;
        }
        int end = start;
        boolean plain = true;
        char before = 0;
        for (int length = raw.length(); end < length; end++) {
            char c = raw.charAt(end);
            if (c == '?') {
                break;
            }
            if (c <= ' ' || c == 0x7F || c == '#') {
                return null;
            }
            if (c == '%' || c > 0x7F || before == '/' && (c == '/' || c == '.')) {
                plain = false;
            }
            before = c;
        }
        String query = end < raw.length() ? raw.substring(end + 1) : "";
        if (!isClean(query)) {
            return null;
        }
        if (plain) {
            String path = start == 0 && end == raw.length() ? raw : raw.substring(start, end);
            return new RequestTarget(raw, path, query, Integer.MAX_VALUE);
        }
        return normalise(raw, start, end, query);
    }

    /** Origin-form begins with a slash; absolute-form has one behind its authority. */
    private static int pathStart(String raw) {
        if (raw.startsWith("/")) {
            return 0;
        }
        int authority = authorityStart(raw);
        boolean known = authority == 7 && raw.regionMatches(true, 0, "http", 0, 4)
                || authority == 8 && raw.regionMatches(true, 0, "https", 0, 5);
        int slash = known ? raw.indexOf('/', authority) : -1;
        // An empty authority is invalid, and a slash in the query or the fragment does not begin a path.
        return slash > authority && isClean(raw.substring(0, slash)) && raw.lastIndexOf('?', slash) < 0 ? slash : -1;
    }

    /** The index at which the authority of a target in absolute form begins, behind the scheme; -1 in every other form. */
    static int authorityStart(String raw) {
        int separator = raw.startsWith("/") ? -1 : raw.indexOf("://");
        return separator < 0 ? -1 : separator + 3;
    }

    /** Host and port of a target in absolute form, as received; null in origin form, where the Host field has them. */
    public @Nullable String authority() {
        int start = authorityStart(raw);
        return start < 0 ? null : raw.substring(start, raw.indexOf('/', start));
    }

    /** The same target with another query, which the client does not see. */
    public RequestTarget withQuery(String other) {
        return other.equals(query) ? this : new RequestTarget(raw, path, other, encodedSlash);
    }

    /** The target in origin form (RFC 9112 section 3.2.1), as received. */
    public String origin() {
        int start = authorityStart(raw);
        return start < 0 ? raw : raw.substring(raw.indexOf('/', start));
    }

    private static boolean isClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7F || c == '#') {
                return false;
            }
        }
        return true;
    }

    /** The slow way of normalising, which handles all cases. {@code raw} from {@code start} to {@code end} is the path. */
    public static @Nullable RequestTarget normalise(String raw, int start, int end, String query) {
        byte[] out = new byte[end - start + 1];
        int size = 0;
        int encodedSlashByte = -1;
        int i = start;
        while (i < end) {
            // One segment at a time: raw.charAt(i) is the slash before it.
            int segment = size;
            out[size++] = '/';
            boolean slashInside = false;
            for (i++; i < end && raw.charAt(i) != '/'; i++) {
                int b = raw.charAt(i);
                if (b == '%') {
                    b = i + 2 < end ? hex(raw.charAt(i + 1)) << 4 | hex(raw.charAt(i + 2)) : -1;
                    if (b <= 0) {
                        return null; // a broken escape, or NUL
                    }
                    i += 2;
                    slashInside |= b == '/';
                }
                if (b > 0xFF) {
                    return null;
                }
                out[size++] = (byte) b;
            }
            boolean last = i == end;
            if (slashInside) {
                if (hasDotSegment(out, segment, size)) {
                    return null;
                }
                if (encodedSlashByte < 0) {
                    encodedSlashByte = segment + 1;
                }
            } else if (isDots(out, segment, size, 2)) {
                if (segment == 0 || encodedSlashByte >= 0) {
                    return null; // it climbs above the root, or out of what may be one segment or several
                }
                size = segment - 1;
                while (out[size] != '/') {
                    size--;
                }
                if (decode(out, size, segment) == null) {
                    return null; // a malformed segment is an error even where a dot segment would remove it
                }
                size = last ? size + 1 : size;
            } else if (isDots(out, segment, size, 1) || size == segment + 1 && !last) {
                size = last ? segment + 1 : segment;
            }
        }
        String path = decode(out, 0, size);
        if (path == null) {
            return null;
        }
        // The index is of bytes; names before it are compared by chars, and there are never more chars than bytes.
        int encodedSlash = encodedSlashByte < 0 ? Integer.MAX_VALUE : chars(out, encodedSlashByte);
        return new RequestTarget(raw, path, query, encodedSlash);
    }

    /** Decodes UTF-8; null when the bytes are invalid. */
    private static @Nullable String decode(byte[] utf8, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static int chars(byte[] utf8, int length) {
        return new String(utf8, 0, length, StandardCharsets.UTF_8).length();
    }

    private static boolean isDots(byte[] bytes, int slash, int end, int dots) {
        return end - slash - 1 == dots && bytes[slash + 1] == '.' && bytes[end - 1] == '.';
    }

    /** Whether a segment that contains encoded slashes would have dot segments if a script decoded and split it. */
    private static boolean hasDotSegment(byte[] bytes, int slash, int end) {
        int from = slash;
        for (int i = slash + 1; i <= end; i++) {
            if (i == end || bytes[i] == '/') {
                if (isDots(bytes, from, i, 1) || isDots(bytes, from, i, 2)) {
                    return true;
                }
                from = i;
            }
        }
        return false;
    }

    private static int hex(char c) {
        int digit = c < 0x80 ? Character.digit(c, 16) : -1;
        return digit < 0 ? -0x1000 : digit;
    }
}
