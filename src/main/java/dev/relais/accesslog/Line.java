package dev.relais.accesslog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;

/**
 * The bytes of one line, all of them ASCII. Whatever a client sends is escaped, so that it neither ends the line or a quoted value nor
 * controls a terminal; of very long values the end is left out. Owned by the writer's thread.
 */
final class Line {
    /** The most characters of one value. */
    static final int LONGEST = 8192;

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private final Times times;
    private byte[] bytes = new byte[2048];
    private int size;

    Line(ZoneId zone) {
        this.times = new Times(zone);
    }

    Line clear() {
        size = 0;
        return this;
    }

    int size() {
        return size;
    }

    void copyTo(ByteBuffer buffer) {
        buffer.put(bytes, 0, size);
    }

    /** The bytes so far, which the next change replaces. */
    ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    /** Adds a text of the gateway's own, which is ASCII. */
    Line plain(String ascii) {
        int length = ascii.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) ascii.charAt(i);
        }
        return this;
    }

    Line plain(char ascii) {
        ensure(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    Line number(long number) {
        return plain(Long.toString(number));
    }

    /** Adds a time as seconds with six digits behind the point. */
    Line seconds(long nanos) {
        long micros = nanos / 1000;
        number(micros / 1_000_000).plain('.');
        return digits(micros % 1_000_000, 100_000);
    }

    private Line digits(long number, int first) {
        ensure(6);
        for (int place = first; place > 0; place /= 10) {
            bytes[size++] = (byte) ('0' + number / place % 10);
        }
        return this;
    }

    /** Adds the time as nginx writes it. */
    Line local(long millis) {
        return plain(times.local(millis));
    }

    /** Adds the time as RFC 3339 has it, in UTC and with milliseconds. */
    Line utc(long millis) {
        plain(times.utc(millis)).plain('.');
        return digits(Math.floorMod(millis, 1000L), 100).plain('Z');
    }

    /** Adds a value as nginx does: quotes, backslashes and all that is no visible ASCII become {@code \xHH}, byte by byte. */
    Line escaped(String value) {
        int length = Math.min(value.length(), LONGEST);
        ensure(length);
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
                ensure(length - i);
                bytes[size++] = (byte) c;
            } else if (c < 0x100) {
                hex(c);
            } else {
                int point = value.codePointAt(i);
                for (byte b : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                    hex(b);
                }
                i += Character.charCount(point) - 1;
            }
        }
        return this;
    }

    private void hex(int b) {
        ensure(4);
        bytes[size++] = '\\';
        bytes[size++] = 'x';
        bytes[size++] = HEX[b >> 4 & 0xF];
        bytes[size++] = HEX[b & 0xF];
    }

    /** Adds a value as a JSON text, with its quotes. */
    Line json(String value) {
        plain('"');
        int length = Math.min(value.length(), LONGEST);
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            ensure(6);
            if (c >= ' ' && c <= '~') {
                if (c == '"' || c == '\\') {
                    bytes[size++] = '\\';
                }
                bytes[size++] = (byte) c;
            } else {
                bytes[size++] = '\\';
                bytes[size++] = 'u';
                for (int shift = 12; shift >= 0; shift -= 4) {
                    bytes[size++] = HEX[c >> shift & 0xF];
                }
            }
        }
        return plain('"');
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
