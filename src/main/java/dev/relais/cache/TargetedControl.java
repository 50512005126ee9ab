package dev.relais.cache;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the field by which an answer controls this cache (RFC 9213): the first of its targets whose field is there, is not empty and
 * is a valid dictionary of RFC 8941; else Cache-Control. A directive of the wrong type counts as one without a valid value.
 */
final class TargetedControl {
    /** The field that is meant for this cache alone, and is removed from the answer. */
    static final String OWN = "Relais-Cache-Control";

    private TargetedControl() {}

    /**
     * @param fields name, value, name, value
     * @param targets the names of the fields, the first one first
     * @return null when no target's field applies
     */
    static @Nullable CacheControl of(List<String> fields, List<String> targets) {
        for (int t = 0; t < targets.size(); t++) {
            String joined = joined(fields, targets.get(t));
            CacheControl found = joined == null ? null : parse(joined);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable String joined(List<String> fields, String name) {
        String joined = null;
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).equalsIgnoreCase(name)) {
                joined = joined == null ? fields.get(i + 1) : joined + ", " + fields.get(i + 1);
            }
        }
        return joined;
    }

    /** @return null when the value is empty or not valid */
    static @Nullable CacheControl parse(String value) {
        Map<String, Object> members = new Parser(value).dictionary();
        if (members == null || members.isEmpty()) {
            return null;
        }
        CacheControl.Builder builder = new CacheControl.Builder();
        members.forEach((name, member) -> {
            if (member instanceof Boolean flag) {
                if (flag) {
                    builder.directive(name, null);
                }
            } else if (member instanceof Long number) {
                builder.directive(name, Long.toString(number));
            } else if (member instanceof String text && (name.equals("no-cache") || name.equals("private"))) {
                builder.directive(name, text);
            } else {
                builder.directive(name, "wrong type"); // no number, and no flag
            }
        });
        return builder.build();
    }

    /** Parses a dictionary (RFC 8941 section 4.2.2) of bare items and inner lists, whose parameters are read and ignored. */
    private static final class Parser {
        private final String in;
        private int at;

        Parser(String in) {
            this.in = in;
        }

        @Nullable
        Map<String, Object> dictionary() {
            Map<String, Object> members = new LinkedHashMap<>();
            try {
                skip(' ');
                while (at < in.length()) {
                    String key = key();
                    Object value = Boolean.TRUE;
                    if (at < in.length() && in.charAt(at) == '=') {
                        at++;
                        value = at < in.length() && in.charAt(at) == '(' ? innerList() : item();
                    }
                    parameters();
                    members.put(key, value); // of a key that comes twice the last counts
                    skipBlanks();
                    if (at == in.length()) {
                        return members;
                    }
                    take(',');
                    skipBlanks();
                    if (at == in.length()) {
                        return null; // a comma at the end
                    }
                }
                return members;
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        private char peek() {
            if (at >= in.length()) {
                throw new IllegalArgumentException();
            }
            return in.charAt(at);
        }

        private void take(char wanted) {
            if (peek() != wanted) {
                throw new IllegalArgumentException();
            }
            at++;
        }

        private void skip(char blank) {
            while (at < in.length() && in.charAt(at) == blank) {
                at++;
            }
        }

        private void skipBlanks() {
            while (at < in.length() && (in.charAt(at) == ' ' || in.charAt(at) == '\t')) {
                at++;
            }
        }

        private String key() {
            int from = at;
            char first = peek();
            if (first != '*' && (first < 'a' || first > 'z')) {
                throw new IllegalArgumentException();
            }
            while (at < in.length() && isKey(in.charAt(at))) {
                at++;
            }
            return in.substring(from, at);
        }

        private static boolean isKey(char c) {
            return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' || c == '*';
        }

        private void parameters() {
            while (at < in.length() && in.charAt(at) == ';') {
                at++;
                skip(' ');
                key();
                if (at < in.length() && in.charAt(at) == '=') {
                    at++;
                    item();
                }
            }
        }

        private Object innerList() {
            take('(');
            while (true) {
                skip(' ');
                if (peek() == ')') {
                    at++;
                    return new Object[0];
                }
                item();
                parameters();
                if (peek() != ' ' && peek() != ')') {
                    throw new IllegalArgumentException();
                }
            }
        }

        private Object item() {
            char c = peek();
            if (c == '"') {
                return string();
            }
            if (c == '?') {
                at++;
                char bit = peek();
                at++;
                if (bit != '0' && bit != '1') {
                    throw new IllegalArgumentException();
                }
                return bit == '1';
            }
            if (c == ':') {
                int end = in.indexOf(':', at + 1);
                if (end < 0 || !in.substring(at + 1, end).matches("[A-Za-z0-9+/=]*")) {
                    throw new IllegalArgumentException();
                }
                at = end + 1;
                return new byte[0];
            }
            return c == '-' || c >= '0' && c <= '9' ? number() : token();
        }

        private Object number() {
            int from = at;
            at += peek() == '-' ? 1 : 0;
            int digits = at;
            while (at < in.length() && in.charAt(at) >= '0' && in.charAt(at) <= '9') {
                at++;
            }
            if (at == digits || at - digits > 15) {
                throw new IllegalArgumentException();
            }
            if (at == in.length() || in.charAt(at) != '.') {
                return Long.parseLong(in.substring(from, at));
            }
            int point = at++;
            while (at < in.length() && in.charAt(at) >= '0' && in.charAt(at) <= '9') {
                at++;
            }
            if (point - digits > 12 || at == point + 1 || at > point + 4) {
                throw new IllegalArgumentException();
            }
            return new BigDecimal(in.substring(from, at));
        }

        private String string() {
            take('"');
            StringBuilder text = new StringBuilder();
            while (true) {
                char c = peek();
                at++;
                if (c == '"') {
                    return text.toString();
                }
                if (c == '\\') {
                    c = peek();
                    at++;
                    if (c != '"' && c != '\\') {
                        throw new IllegalArgumentException();
                    }
                } else if (c < ' ' || c > '~') {
                    throw new IllegalArgumentException();
                }
                text.append(c);
            }
        }

        /** A token, which no directive has for a value. */
        private Object token() {
            char first = peek();
            if (first != '*' && !(first >= 'a' && first <= 'z' || first >= 'A' && first <= 'Z')) {
                throw new IllegalArgumentException();
            }
            while (at < in.length() && isToken(in.charAt(at))) {
                at++;
            }
            return new Object();
        }

        private static boolean isToken(char c) {
            return c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || "!#$%&'*+-.^_`|~:/".indexOf(c) >= 0;
        }
    }
}
