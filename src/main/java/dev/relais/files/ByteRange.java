package dev.relais.files;

/**
 * The part of a file that a Range field asks for (RFC 9110 section 14.1.2).
 *
 * @param first the index of the first byte
 * @param length bytes, at least 1; 0 for {@link #UNSATISFIABLE}
 */
public record ByteRange(long first, long length) {
    /** The field asks for nothing that there is; as in nginx also when it cannot be understood. */
    static final ByteRange UNSATISFIABLE = new ByteRange(0, 0);

    private static final String UNIT = "bytes=";
    private static final long INVALID = -1;
    private static final int MOST_DIGITS = 18; // fits into a long

    /**
     * @param field its value; null when there is none
     * @param size of the file
     * @return null for the whole file: without the field, in another unit, and for several ranges, which a server may ignore
     */
    public static ByteRange parse(String field, long size) {
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
            long last = Math.min(number(to), size);
            return last <= 0 ? UNSATISFIABLE : new ByteRange(size - last, last);
        }
        long first = number(from);
        long last = to.isEmpty() ? size - 1 : Math.min(number(to), size - 1);
        return first == INVALID || last < first ? UNSATISFIABLE : new ByteRange(first, last - first + 1);
    }

    private static long number(String digits) {
        if (digits.isEmpty() || digits.length() > MOST_DIGITS) {
            return digits.isEmpty() ? INVALID : huge(digits);
        }
        return huge(digits) == INVALID ? INVALID : Long.parseLong(digits);
    }

    /** The largest number, when these are digits at all. */
    private static long huge(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return INVALID;
            }
        }
        return Long.MAX_VALUE;
    }

    public boolean isSatisfiable() {
        return length > 0;
    }

    /** The Content-Range field of a part of a file of this size. */
    public String contentRange(long size) {
        return isSatisfiable() ? "bytes " + first + "-" + (first + length - 1) + "/" + size : "bytes */" + size;
    }
}
