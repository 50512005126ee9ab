package dev.relais.dev;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An error that has ended a script, as PHP tells it (main.c, php_error_cb).
 *
 * @param kind such as {@code Parse error}
 * @param text what is wrong, with the stack trace of an exception
 * @param file where it is; null when PHP does not say
 * @param line of the file, counted from 1; 0 when PHP does not say
 */
record PhpError(String kind, String text, @Nullable String file, int line) {
    private static final Pattern MESSAGE = Pattern.compile(
            "(?:PHP )?(Fatal error|Parse error|Recoverable fatal error|Core error|Compile error): +(.*)",
            Pattern.DOTALL);
    private static final Pattern PLACE =
            Pattern.compile("(?s)(.*?)\\s+(?:thrown )?in (\\S[^\\n]*) on line ([0-9]{1,9})\\s*");

    /** The error that a message of PHP tells of; null when it tells of none that ends a script. */
    static @Nullable PhpError of(String message) {
        Matcher told = MESSAGE.matcher(message);
        if (!told.matches()) {
            return null;
        }
        Matcher place = PLACE.matcher(told.group(2));
        return place.matches()
                ? new PhpError(told.group(1), place.group(1), place.group(2), Integer.parseInt(place.group(3)))
                : new PhpError(told.group(1), told.group(2).strip(), null, 0);
    }

    /** Its first line: without the stack trace. */
    String headline() {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
