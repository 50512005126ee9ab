package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gathers STDOUT bytes up to the blank line and makes a {@link ResponseHead} of them. Lines end in LF or CRLF (RFC 3875
 * section 6.1 allows both; PHP sends CRLF).
 *
 * <p>Owned by one {@link FcgiConnection}, used for exchange after exchange; call {@link #reset} between them.
 */
final class HeadParser {
    /** A head line that is no field, has forbidden bytes, or makes the head too large. */
    static final class Invalid extends Exception {
        Invalid(String message) {
            super(message, null, false, false);
        }
    }

    private static final int INITIAL = 512;

    private final int limit;
    private byte[] bytes = new byte[INITIAL];
    private int size;
    private int lineStart;

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
     * @return the number of bytes of {@code in} that belong to the head; {@code length} while it is not complete, unless {@link #complete}
     * @throws Invalid when the head outgrows the limit
     */
    int feed(ByteBuf in, int from, int length) throws Invalid {
        // Copied in bulk and scanned as an array: whatever is behind the blank line is not counted as taken.
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

    /** True when the last byte fed ended the blank line. */
    boolean complete() {
        return size > lineStart && bytes[size - 1] == '\n';
    }

    /**
     * Parses the gathered head.
     *
     * @throws Invalid naming the first line that is wrong, without its value
     */
    ResponseHead parse() throws Invalid {
        List<String> fields = new ArrayList<>(12);
        int status = 0;
        String reason = "";
        boolean location = false;
        int start = 0;
        while (start < lineStart) {
            int end = start;
            while (bytes[end] != '\n') {
                end++;
            }
            int next = end + 1;
            if (end > start && bytes[end - 1] == '\r') {
                end--;
            }
            int colon = nameEnd(start, end);
            String name = string(start, colon);
            int valueStart = colon + 1;
            while (valueStart < end && isBlank(bytes[valueStart])) {
                valueStart++;
            }
            while (end > valueStart && isBlank(bytes[end - 1])) {
                end--;
            }
            checkValue(name, valueStart, end);
            String value = string(valueStart, end);
            if (name.equalsIgnoreCase("Status")) {
                status = parseStatus(value);
                reason = value.substring(Math.min(4, value.length()));
            } else if (!value.isEmpty() || !name.equalsIgnoreCase("Content-Type")) {
                location |= name.equalsIgnoreCase("Location");
                fields.add(name);
                fields.add(value);
            }
            start = next;
        }
        if (status == 0) {
            return location ? new ResponseHead(302, "Found", fields) : new ResponseHead(200, "OK", fields);
        }
        return new ResponseHead(status, reason, fields);
    }

    private int nameEnd(int start, int end) throws Invalid {
        int i = start;
        while (i < end && isTokenChar(bytes[i])) {
            i++;
        }
        if (i == start || i == end || bytes[i] != ':') {
            throw new Invalid("response head line that is no field");
        }
        return i;
    }

    private void checkValue(String name, int start, int end) throws Invalid {
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if (b >= 0 && b < ' ' && b != '\t' || b == 0x7F) {
                throw new Invalid("control character in the response field " + name);
            }
        }
    }

    private static int parseStatus(String value) throws Invalid {
        if (value.length() >= 3 && (value.length() == 3 || value.charAt(3) == ' ')) {
            int code = 0;
            for (int i = 0; i < 3; i++) {
                int digit = value.charAt(i) - '0';
                if (digit < 0 || digit > 9) {
                    code = -1;
                    break;
                }
                code = code * 10 + digit;
            }
            // 1xx cannot be a final answer (RFC 9110 section 15.2).
            if (code >= 200) {
                return code;
            }
        }
        throw new Invalid("response field Status that is no final status");
    }

    private String string(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** RFC 9110 section 5.6.2. */
    private static boolean isTokenChar(byte b) {
        return b >= 'a' && b <= 'z'
                || b >= 'A' && b <= 'Z'
                || b >= '0' && b <= '9'
                || b > ' ' && "!#$%&'*+-.^_`|~".indexOf(b) >= 0;
    }
}
