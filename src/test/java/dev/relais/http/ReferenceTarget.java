package dev.relais.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The normal form of a request target, made slowly and plainly from a list of decoded segments. {@link RequestTarget} must give
 * the same result.
 */
final class ReferenceTarget {
    private static final Pattern TARGET = Pattern.compile(
            "(?:(?i:https?)://[^/?#\\x00-\\x20\\x7F]+)?(/[^?#\\x00-\\x20\\x7F]*)(?:\\?([^#\\x00-\\x20\\x7F]*))?");

    private ReferenceTarget() {}

    /** @return null when it is malformed */
    static RequestTarget parse(String raw) {
        Matcher target = TARGET.matcher(raw);
        if (!target.matches()) {
            return null;
        }
        List<String> segments = new ArrayList<>();
        int firstOpaque = -1; // index of the first segment with a slash of its own
        String[] parts = target.group(1).substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            String segment = decode(parts[i]);
            if (segment == null) {
                return null;
            }
            if (segment.contains("/")) {
                for (String inner : segment.split("/", -1)) {
                    if (inner.equals(".") || inner.equals("..")) {
                        return null;
                    }
                }
                firstOpaque = firstOpaque < 0 ? segments.size() : firstOpaque;
                segments.add(segment);
            } else if (segment.equals("..")) {
                if (segments.isEmpty() || firstOpaque >= 0) {
                    return null;
                }
                segments.remove(segments.size() - 1);
            } else if (!segment.equals(".") && !segment.isEmpty()) {
                segments.add(segment);
            }
            if (last && (segment.isEmpty() || segment.equals(".") || segment.equals(".."))) {
                segments.add(""); // a slash at the end
            }
        }
        String query = target.group(2) == null ? "" : target.group(2);
        String path = "/" + String.join("/", segments);
        int opaque = firstOpaque < 0
                ? Integer.MAX_VALUE
                : 1
                        + segments.subList(0, firstOpaque).stream()
                                .mapToInt(s -> s.length() + 1)
                                .sum();
        return new RequestTarget(raw, path, query, opaque);
    }

    private static String decode(String segment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '%') {
                String hex = segment.substring(i + 1, Math.min(segment.length(), i + 3));
                if (!hex.matches("[0-9A-Fa-f]{2}") || hex.equals("00")) {
                    return null;
                }
                bytes.write(Integer.parseInt(hex, 16));
                i += 2;
            } else if (c > 0xFF) {
                return null;
            } else {
                bytes.write(c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
