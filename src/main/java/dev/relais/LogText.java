package dev.relais;

import org.jspecify.annotations.Nullable;

/**
 * Makes untrusted text safe for one log line. Each character that could end the line, control a terminal, reorder the text or
 * hide in it is escaped as in JSON ({@code \n}, {@code \u001b}), so that a JSON text keeps its value.
 */
public final class LogText {
    /** The most characters of a value, unless something else is said, since a request's target may have 16 KiB. */
    public static final int LONGEST = 1024;

    private LogText() {}

    /** @return the same instance when there is nothing to escape; the check reads each character once */
    public static String escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                if (isHidden(text, i)) {
                    return escapeFrom(text, i);
                }
                i += Character.charCount(text.codePointAt(i)) - 1;
            }
        }
        return text;
    }

    /**
     * Like {@link #escape}, but only for the beginning of a text.
     *
     * @param value anything; null and what its {@code toString} gives are written as they are
     * @param most the number of characters that are kept; how many were cut off is appended
     */
    public static String escape(@Nullable Object value, int most) {
        return escape(cut(value, most));
    }

    /** A value of a {@code key=value} pair, of at most {@link #LONGEST} characters. */
    public static String value(@Nullable Object value) {
        return value(value, LONGEST);
    }

    /**
     * Like {@link #escape(Object, int)}, for the value of a {@code key=value} pair. Where it could be taken for more than one pair, it is
     * quoted as a JSON text, so that nothing in it ends it.
     */
    public static String value(@Nullable Object value, int most) {
        String text = cut(value, most);
        return escape(isOneWord(text) ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }

    /** A text in which each address that has a user or a password has dots in their place, as in {@code redis://...@cache:6379}. */
    public static String withoutCredentials(String text) {
        return text.replaceAll("://\\S*@", "://...@");
    }

    private static boolean isOneWord(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '"' || c > '~' && Character.getType(c) == Character.SPACE_SEPARATOR) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static String cut(@Nullable Object value, int most) {
        String text = String.valueOf(value);
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "... (" + (text.length() - end) + " more characters)";
    }

    private static String escapeFrom(String text, int first) {
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
        int i = first;
        while (i < text.length()) {
            int length = Character.charCount(text.codePointAt(i));
            if (isHidden(text, i)) {
                for (int unit = i; unit < i + length; unit++) {
                    append(escaped, text.charAt(unit));
                }
            } else {
                escaped.append(text, i, i + length);
            }
            i += length;
        }
        return escaped.toString();
    }

    /**
     * Whether a character is hidden: control characters, line and paragraph separators, an unpaired surrogate, and Unicode's
     * format characters, such as direction marks. The two joiners are kept, because emoji and several scripts need them.
     */
    private static boolean isHidden(String text, int at) {
        int point = text.codePointAt(at);
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            case Character.FORMAT -> point != 0x200C && point != 0x200D;
            default -> false;
        };
    }

    private static void append(StringBuilder escaped, char unit) {
        switch (unit) {
            case '\n' -> escaped.append("\\n");
            case '\r' -> escaped.append("\\r");
            case '\t' -> escaped.append("\\t");
            default -> {
                escaped.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    escaped.append(Character.forDigit(unit >> shift & 0xF, 16));
                }
            }
        }
    }
}
