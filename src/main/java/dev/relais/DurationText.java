package dev.relais;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration as {@code functions.yaml} and the actions of the management port write it: {@code 300ms}, {@code 2s}, {@code 1m}, {@code 1h}. */
public final class DurationText {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    private DurationText() {}

    /** @return milliseconds, or -1 when the text is no such duration */
    public static long millis(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return -1;
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> number;
            case "s" -> number * 1_000;
            case "m" -> number * 60_000;
            default -> number * 3_600_000;
        };
    }
}
