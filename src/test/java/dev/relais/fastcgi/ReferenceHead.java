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
    private static final Pattern FIELD =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\\x20-\\x7E\\x80-\\xFF]*?)[ \t]*");
    private static final Pattern STATUS = Pattern.compile("(?s)([2-9][0-9][0-9])(?: (.*))?");

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
        for (String line : lines) {
            Matcher field = FIELD.matcher(line);
            if (!field.matches()) {
                return null;
            }
            if (field.group(1).equalsIgnoreCase("Status")) {
                Matcher code = STATUS.matcher(field.group(2));
                if (!code.matches()) {
                    return null;
                }
                status = Integer.parseInt(code.group(1));
                reason = code.group(2);
            } else if (!field.group(1).equalsIgnoreCase("Content-Type")
                    || !field.group(2).isEmpty()) {
                fields.addAll(List.of(field.group(1), field.group(2)));
            }
        }
        if (status == 0) {
            boolean located = new ResponseHead(200, "", fields).first("Location") != null;
            return located ? new ResponseHead(302, "Found", fields) : new ResponseHead(200, "OK", fields);
        }
        return new ResponseHead(status, reason == null ? "" : reason, fields);
    }
}
