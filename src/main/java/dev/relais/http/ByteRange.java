package dev.relais.http;

import dev.relais.Digits;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that a Range field asks for (RFC 9110 section 14.1.2).
 *
 * @param first the index of the first byte
 * @param length bytes, at least 1; 0 for {@link #UNSATISFIABLE}
 */
public record ByteRange(long first, long length) {
    /** The range of a field that asks for no byte of the file, or as in nginx of one that cannot be understood. */
    public static final ByteRange UNSATISFIABLE = new ByteRange(0, 0);

    private static final String UNIT = "bytes=";
    private static final long INVALID = -1;
    private static final long MOST = Long.MAX_VALUE - 1;

    /**
     * @param field its value; null when there is none
     * @param size of the file
     * @return null for the whole file: without the field, in another unit, and for several ranges, which a server may ignore
     */
    public static @Nullable ByteRange parse(@Nullable String field, long size) {
        if (field == null || !field.regionMatches(true, 0, UNIT, 0, UNIT.length()) || field.indexOf(',') >= 0) {
            return null;
        }
        String range = field.substring(UNIT.length()).strip();
        int dash = range.indexOf('-');
        if (dash < 0) {
            return UNSATISFIABLE;
        }
        String from = range.substring(0, dash).strip();
        String to = range.substring(dash + 1).strip();
        if (from.isEmpty()) {
            long last = Math.min(Digits.capped(to, MOST), size);
            return last <= 0 ? UNSATISFIABLE : new ByteRange(size - last, last);
        }
        long first = Digits.capped(from, MOST);
        long last = to.isEmpty() ? size - 1 : Math.min(Digits.capped(to, MOST), size - 1);
        return first == INVALID || last < first ? UNSATISFIABLE : new ByteRange(first, last - first + 1);
    }

    public boolean isSatisfiable() {
        return length > 0;
    }

    /** The Content-Range field of a part of a file of this size. */
    public String contentRange(long size) {
        return isSatisfiable() ? "bytes " + first + "-" + (first + length - 1) + "/" + size : "bytes */" + size;
    }
}
