package dev.relais.fastcgi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A CGI head (RFC 3875 section 6) read with regular expressions: what {@link HeadParser} must make of the same bytes.
 *
 * @param taken bytes of the head, its blank line included; -1 while there is no blank line
 * @param head null when it is invalid or not complete
 * @param tooLarge over the limit
 */
record ReferenceHead(int taken, ResponseHead head, boolean tooLarge) {
    private static final Pattern FIELD = Pattern.compile("(?s)([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*(?:\n[ \t].*)*)");
    private static final Pattern VALUE = Pattern.compile("[\t\\x20-\\x7E\\x80-\\xFF]*");
    private static final Pattern STATUS = Pattern.compile("(?s)([1-9][0-9][0-9])(?:[^0-9](.*))?");

    /** Whether a head is this one, and something was left out of both or of neither. */
    static boolean isSame(ResponseHead head, ResponseHead wanted) {
        return wanted != null
                && head.status() == wanted.status()
                && head.reason().equals(wanted.reason())
                && head.fields().equals(wanted.fields())
                && (head.oddity() == null) == (wanted.oddity() == null);
    }

    static ReferenceHead of(byte[] bytes, int limit) {
        String text = new String(bytes, 0, Math.min(bytes.length, limit), StandardCharsets.ISO_8859_1);
        List<String> lines = new ArrayList<>();
        for (int start = 0, end; (end = text.indexOf('\n', start)) >= 0; start = end + 1) {
            String line = text.substring(start, end);
            line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (line.isEmpty()) {
                return new ReferenceHead(end + 1, head(lines), false);
            }
            lines.add(line);
        }
        return new ReferenceHead(-1, null, bytes.length > limit);
    }

    private static ResponseHead head(List<String> lines) {
        List<String> fields = new ArrayList<>();
        int status = 0;
        String reason = null;
        boolean odd = false;
        for (String line : unfolded(lines)) {
            Matcher field = FIELD.matcher(line);
            if (!field.matches()) {
                odd = true;
                continue;
            }
            String value = value(field.group(2));
            if (value == null) {
                odd = true;
            } else if (field.group(1).equalsIgnoreCase("Status")) {
                Matcher code = STATUS.matcher(value);
                if (!code.matches()) {
                    return null;
                }
                if (code.group(1).startsWith("1")) {
                    odd = true;
                } else {
                    status = Integer.parseInt(code.group(1));
                    reason = value.substring(3).strip();
                }
            } else if (!field.group(1).equalsIgnoreCase("Content-Type") || !value.isEmpty()) {
                fields.addAll(List.of(field.group(1), value));
            }
        }
        String oddity = odd ? "something" : null;
        if (status == 0) {
            boolean located = new ResponseHead(200, "", fields).first("Location") != null;
            return new ResponseHead(located ? 302 : 200, located ? "Found" : "OK", fields, oddity);
        }
        return new ResponseHead(status, reason, fields, oddity);
    }

    /** One string for each field: lines that begin with a blank belong to the one before. */
    private static List<String> unfolded(List<String> lines) {
        List<String> whole = new ArrayList<>();
        for (String line : lines) {
            int last = whole.size() - 1;
            if (last >= 0 && (line.startsWith(" ") || line.startsWith("\t"))) {
                whole.set(last, whole.get(last) + "\n" + line);
            } else {
                whole.add(line);
            }
        }
        return whole;
    }

    /** The lines of a value joined by spaces; null when one has a forbidden character. */
    private static String value(String lines) {
        String joined = "";
        for (String line : lines.split("\n", -1)) {
            String text = line.replaceAll("^[ \t]+|[ \t]+$", "");
            if (!VALUE.matcher(text).matches()) {
                return null;
            }
            joined = joined.isEmpty() ? text : joined + " " + text;
        }
        return joined;
    }
}
