package dev.relais.fastcgi;

import dev.relais.Digits;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers STDOUT bytes up to the blank line and parses them into a {@link ResponseHead}. Lines end in LF or CRLF (RFC 3875
 * section 6.1 allows both; PHP sends CRLF).
 *
 * <p>Owned by one {@link FcgiConnection}, used for exchange after exchange; call {@link #reset} between them.
 */
final class HeadParser {
    /** The head has no valid status, or is too large. */
    static final class Invalid extends Exception {
        Invalid(String message) {
            super(message, null, false, false);
        }
    }

    private static final int INITIAL = 512;
    private static final int MOST_SHOWN = 80;

    private final int limit;
    private byte[] bytes = new byte[INITIAL];
    private int size;
    private int lineStart;

    // The following fields are used while a head is parsed.
    private List<String> fields = List.of();
    private @Nullable String oddity; // what was left out first; null for nothing
    private int status; // 0 until one has come
    private String reason = "";
    private boolean location;
    private @Nullable String name; // of the field that the next line may continue; null when there is none
    private @Nullable String value; // null when it has forbidden bytes

    /** @param limit bytes a head may have at most, its blank line included */
    HeadParser(int limit) {
        this.limit = limit;
    }

    void reset() {
        size = 0;
        lineStart = 0;
        if (bytes.length > 8 * INITIAL) {
            bytes = new byte[INITIAL];
        }
    }

    /**
     * Takes bytes until the head is complete.
     *
     * @return how many bytes of {@code in} were taken because they belong to the head; {@link #complete} says whether it has ended
     * @throws Invalid when the head outgrows the limit
     */
    int feed(ByteBuf in, int from, int length) throws Invalid {
        // The bytes are copied in bulk and scanned as an array. What is behind the blank line does not count as taken.
        int copied = Math.min(length, limit - size);
        if (size + copied > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(2 * bytes.length, size + copied)));
        }
        in.getBytes(from, bytes, size, copied);
        for (int end = size + copied, i = size; i < end; i++) {
            if (bytes[i] == '\n') {
                int lineLength = i - lineStart;
                if (lineLength == 0 || lineLength == 1 && bytes[lineStart] == '\r') {
                    int taken = i + 1 - size;
                    size = i + 1;
                    return taken;
                }
                lineStart = i + 1;
            }
        }
        size += copied;
        if (copied < length) {
            throw new Invalid("response head over " + limit + " bytes");
        }
        return length;
    }

    /** Whether nothing was fed since the last reset. */
    boolean isEmpty() {
        return size == 0;
    }

    /** Whether the last byte fed has ended the blank line. */
    boolean complete() {
        return size > lineStart && bytes[size - 1] == '\n';
    }

    /**
     * Parses the gathered head. A line that is no field, and a field that no client may see, do not fail the answer (nginx
     * fails it for a few of them): they are left out, and {@link ResponseHead#oddity} says so.
     *
     * @throws Invalid when its status is invalid
     */
    ResponseHead parse() throws Invalid {
        fields = new ArrayList<>(12);
        oddity = null;
        status = 0;
        reason = "";
        location = false;
        name = null;
        int start = 0;
        while (start < lineStart) {
            int end = start;
            while (bytes[end] != '\n') {
                end++;
            }
            line(start, end > start && bytes[end - 1] == '\r' ? end - 1 : end);
            start = end + 1;
        }
        takeField();
        List<String> taken = fields;
        fields = List.of();
        if (status == 0) {
            return new ResponseHead(location ? 302 : 200, location ? "Found" : "OK", taken, oddity);
        }
        return new ResponseHead(status, reason, taken, oddity);
    }

    private void line(int start, int end) throws Invalid {
        if (isBlank(bytes[start])) {
            fold(start, end);
            return;
        }
        takeField();
        int colon = nameEnd(start, end);
        if (colon < 0) {
            odd("a line that is no field");
            return;
        }
        name = string(start, colon);
        value = value(colon + 1, end);
    }

    /** Appends a continuation line to the field before it, after one space (RFC 9112 section 5.2). */
    private void fold(int start, int end) {
        String more = name == null ? "" : value(start, end);
        if (name == null) {
            odd("a line that is no field");
        } else if (more == null || value == null) {
            value = null;
        } else {
            value = value.isEmpty() ? more : value + ' ' + more;
        }
    }

    /** Adds the field, which is complete because no line continues it. */
    private void takeField() throws Invalid {
        if (name == null) {
            return;
        }
        if (value == null) {
            odd("a control character in the field " + name.substring(0, Math.min(name.length(), MOST_SHOWN)));
        } else if (name.equalsIgnoreCase("Status")) {
            takeStatus(value);
        } else if (!value.isEmpty() || !name.equalsIgnoreCase("Content-Type")) {
            location |= name.equalsIgnoreCase("Location");
            fields.add(name);
            fields.add(value);
        }
        name = null;
    }

    private void odd(String what) {
        if (oddity == null) {
            oddity = what;
        }
    }

    /** @return -1 when the line has no name, or something else behind it than a colon */
    private int nameEnd(int start, int end) {
        int i = start;
        while (i < end && isTokenChar(bytes[i])) {
            i++;
        }
        return i == start || i == end || bytes[i] != ':' ? -1 : i;
    }

    /** The value without blanks around it; null when it has a control character, with which some reader might see two fields. */
    private @Nullable String value(int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isBlank(bytes[start])) {
            start++;
        }
        while (end > start && isBlank(bytes[end - 1])) {
            end--;
        }
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if (b >= 0 && b < ' ' && b != '\t' || b == 0x7F) {
                return null;
            }
        }
        return string(start, end);
    }

    private void takeStatus(String value) throws Invalid {
        int code = Digits.end(value) == 3 ? (int) Digits.among(value, 0, 3) : 0;
        if (code < 100) {
            throw new Invalid("response field Status that is no status");
        }
        if (code < 200) {
            // If it were passed on, the client would take it for an interim answer, and the body for the next answer
            // (RFC 9110 section 15.2).
            odd("an interim status, which cannot be an answer's");
        } else {
            status = code;
            reason = value.substring(3).trim();
        }
    }

    private String string(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Whether a byte may be part of a token (RFC 9110 section 5.6.2). */
    private static boolean isTokenChar(byte b) {
        return b >= 'a' && b <= 'z'
                || b >= 'A' && b <= 'Z'
                || b >= '0' && b <= '9'
                || b > ' ' && "!#$%&'*+-.^_`|~".indexOf(b) >= 0;
    }
}
