package dev.relais.migration;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long files may be kept, in the words of {@code expires}. */
final class Ages {
    private static final Pattern PART = Pattern.compile("([0-9]{1,9})(ms|[smhdwMy]?)");
    private static final Pattern MAX_AGE = Pattern.compile("(?i)\\bmax-age\\s*=\\s*\"?([0-9]{1,10})");
    private static final long DAY = 86_400;

    private Ages() {}

    /** A time as nginx has it, such as {@code 30d} or {@code 1h 30m}, in seconds; -1 when it is none. */
    static long nginxSeconds(String text) {
        String rest = text.replace(" ", "");
        Matcher part = PART.matcher(rest);
        long seconds = 0;
        int at = 0;
        while (at < rest.length() && part.find(at) && part.start() == at) {
            long number = Long.parseLong(part.group(1));
            seconds += switch (part.group(2)) {
                case "ms" -> number / 1000;
                case "m" -> number * 60;
                case "h" -> number * 3600;
                case "d" -> number * DAY;
                case "w" -> number * 7 * DAY;
                case "M" -> number * 30 * DAY;
                case "y" -> number * 365 * DAY;
                default -> number;
            };
            at = part.end();
        }
        return rest.isEmpty() || at < rest.length() ? -1 : seconds;
    }

    /** {@code 30d}, in the largest unit that fits. */
    static String text(long seconds) {
        long capped = Math.min(seconds, 10 * 365 * DAY);
        if (capped > 0 && capped % (365 * DAY) == 0) {
            return capped / (365 * DAY) + "y";
        }
        if (capped > 0 && capped % DAY == 0) {
            return capped / DAY + "d";
        }
        if (capped > 0 && capped % 3600 == 0) {
            return capped / 3600 + "h";
        }
        if (capped % 60 == 0 && capped > 0) {
            return capped / 60 + "m";
        }
        return capped < 1_000_000 ? capped + "s" : Math.round(capped / (double) DAY) + "d";
    }

    /** What a value of Cache-Control says; null when {@code expires} cannot say it. */
    static @Nullable String ofCacheControl(String value) {
        if (value.toLowerCase(Locale.ROOT).contains("no-store")) {
            return "no-store";
        }
        Matcher age = MAX_AGE.matcher(value);
        if (age.find()) {
            long seconds = Long.parseLong(age.group(1));
            return seconds == 0
                    ? "no-cache"
                    : text(seconds) + (value.toLowerCase(Locale.ROOT).contains("immutable") ? " immutable" : "");
        }
        return value.toLowerCase(Locale.ROOT).contains("no-cache") ? "no-cache" : null;
    }
}
