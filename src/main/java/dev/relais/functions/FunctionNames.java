package dev.relais.functions;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The rules for function names. Each rule is about one segment, which is the name of a file or folder as the file system gives
 * it.
 */
final class FunctionNames {
    static final String EXTENSION = ".php";
    static final String INDEX = "index.php";
    /** The begin of the name of a pool that belongs to one function. */
    static final String FUNCTION = "function:";
    /** The begin of the names of sites among those of functions. */
    static final String SITE = "site:";

    private FunctionNames() {}

    /** Whether a file of this name is never a function, and a folder of this name is never scanned. */
    static boolean excluded(String segment) {
        char first = segment.charAt(0);
        return first == '.' || first == '_' || segment.equals("vendor") || segment.equals("node_modules");
    }

    static boolean isScript(String segment) {
        return segment.length() > EXTENSION.length() && segment.endsWith(EXTENSION);
    }

    /** @return why no function can have this in its name; null when it can */
    static @Nullable String problem(String segment) {
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (Character.isISOControl(c)) {
                return "a control character in its name";
            }
            if (c == '\\') {
                return "a backslash in its name";
            }
            if (i == 0 && segment.startsWith(SITE)) {
                return "a name that begins as those of sites do (" + SITE + ")";
            }
            // Java shows bytes that are no text in the JVM's file name encoding as this character, so the string is no
            // longer the name.
            if (c == '\uFFFD') {
                return "a name that cannot be read with this locale (LC_ALL=C.UTF-8 reads UTF-8 names)";
            }
        }
        return null;
    }

    /** The text on one line and cut to a bounded length, for logs and messages. */
    static String printable(@Nullable Object text) {
        String whole = String.valueOf(text);
        StringBuilder shown = new StringBuilder(Math.min(whole.length(), 256));
        for (int i = 0; i < whole.length() && i < 512; i++) {
            char c = whole.charAt(i);
            shown.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c);
        }
        return whole.length() > 512 ? shown.append("...").toString() : shown.toString();
    }

    /** What an operator is told of a failure with the directory: in one line, with more than the bare path that Java gives. */
    static String reason(IOException e) {
        return printable(
                e.getClass() == IOException.class
                        ? e.getMessage()
                        : e.getClass().getSimpleName() + " " + e.getMessage());
    }
}
