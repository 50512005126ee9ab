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
        copy(ascii, length);
        return this;
    }

    @SuppressWarnings("deprecation") // exactly what is wanted: the low byte of each char, without an allocation
    private void copy(String ascii, int length) {
        ascii.getBytes(0, length, bytes, size);
        size += length;
    }

    Line plain(char ascii) {
        ensure(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    /** @param number 0 or more */
    Line number(long number) {
        int digits = 1;
        for (long rest = number; rest > 9; rest /= 10) {
            digits++;
        }
        return digits(number, digits);
    }

    /** Adds a time as seconds with six digits behind the point. */
    Line seconds(long nanos) {
        long micros = nanos / 1000;
        number(micros / 1_000_000).plain('.');
        return digits(micros % 1_000_000, 6);
    }

    /** Adds the last so many digits. */
    private Line digits(long number, int count) {
        ensure(count);
        long rest = number;
        for (int i = size + count - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += count;
        return this;
    }

    /** Adds the time as nginx writes it. */
    Line local(long millis) {
        return plain(times.local(millis));
    }

    /** Adds the time as RFC 3339 has it, in UTC and with milliseconds. */
    Line utc(long millis) {
        plain(times.utc(millis)).plain('.');
        return digits(Math.floorMod(millis, 1000L), 3).plain('Z');
    }

    /** Adds a value as nginx does: quotes, backslashes and all that is no visible ASCII become {@code \xHH}, byte by byte. */
    Line escaped(String value) {
        int length = Math.min(value.length(), LONGEST);
        int clean = clean(value, length);
        ensure(length);
        copy(value, clean);
        for (int i = clean; i < length; i++) {
            char c = value.charAt(i);
            if (isClean(c)) {
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

    /** How many characters at the beginning are written as they are, which mostly is all of them. */
    private static int clean(String value, int length) {
        int i = 0;
        while (i < length && isClean(value.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isClean(char c) {
        return c >= ' ' && c <= '~' && c != '"' && c != '\\';
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
        int length = Math.min(value.length(), LONGEST);
        int clean = clean(value, length);
        ensure(length + 2);
        bytes[size++] = '"';
        copy(value, clean);
        for (int i = clean; i < length; i++) {
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
