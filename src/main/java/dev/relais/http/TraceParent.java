package dev.relais.http;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * The place of a request in a trace, as the field {@code traceparent} gives it (W3C Trace Context section 3.2). While Relais makes spans it
 * sets the field, so that whoever reads it, PHP among them, sees the one in force. Immutable.
 *
 * @param traceId 32 hexadecimal digits, not all 0
 * @param spanId of the span above, 16 hexadecimal digits, not all 0
 * @param sampled whether that span is kept
 */
public record TraceParent(String traceId, String spanId, boolean sampled) {
    public static final String FIELD = "traceparent";

    private static final int TRACE = 3;
    private static final int SPAN = 36;
    private static final int FLAGS = 53;
    private static final int LENGTH = 55;

    /** What a request's fields say; null for nothing, for several fields, and for a malformed one. */
    public static @Nullable TraceParent of(MultiMap fields) {
        String value = fields.get(FIELD);
        if (value == null) {
            return null;
        }
        TraceParent parent = parse(value);
        return parent == null || fields.getAll(FIELD).size() > 1 ? null : parent;
    }

    /** The id of the trace that a request's fields name; null for none. */
    public static @Nullable String traceId(MultiMap fields) {
        TraceParent parent = of(fields);
        return parent == null ? null : parent.traceId;
    }

    /** Null when it is malformed. A later version may have more behind what is known of it. */
    static @Nullable TraceParent parse(String value) {
        boolean later = !value.startsWith("00");
        boolean formed = value.length() >= LENGTH
                && isHex(value, 0, TRACE - 1)
                && value.charAt(TRACE - 1) == '-'
                && isId(value, TRACE, SPAN - 1)
                && value.charAt(SPAN - 1) == '-'
                && isId(value, SPAN, FLAGS - 1)
                && value.charAt(FLAGS - 1) == '-'
                && isHex(value, FLAGS, LENGTH)
                && !value.startsWith("ff")
                && (value.length() == LENGTH || later && value.charAt(LENGTH) == '-');
        if (!formed) {
            return null;
        }
        boolean sampled = (Character.digit(value.charAt(LENGTH - 1), 16) & 1) != 0;
        return new TraceParent(value.substring(TRACE, SPAN - 1), value.substring(SPAN, FLAGS - 1), sampled);
    }

    private static boolean isHex(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = value.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isId(String value, int from, int to) {
        if (!isHex(value, from, to)) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (value.charAt(i) != '0') {
                return true;
            }
        }
        return false;
    }

    /** The value of the field. */
    public String text() {
        return "00-" + traceId + '-' + spanId + (sampled ? "-01" : "-00");
    }
}
