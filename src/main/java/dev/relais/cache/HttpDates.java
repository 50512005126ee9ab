package dev.relais.cache;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads dates in the three forms of RFC 9110 section 5.6.7, letters in either case (RFC 9111 section 4.2). Whatever deviates further
 * is no date: a cache that guesses would keep an answer that its author wanted to be stale.
 */
final class HttpDates {
    /** The result for what is no date. */
    public static final long INVALID = Long.MIN_VALUE;

    private static final String DAY = "(?:mon|tue|wed|thu|fri|sat|sun)";
    private static final String MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)";
    private static final String TIME = "([0-9]{2}):([0-9]{2}):([0-9]{2})";
    private static final Pattern FIXDATE =
            Pattern.compile(DAY + ", ([0-9]{2}) " + MONTH + " ([0-9]{4}) " + TIME + " gmt");
    private static final Pattern RFC850 = Pattern.compile(
            "(?:mon|tues|wednes|thurs|fri|satur|sun)day, ([0-9]{2})-" + MONTH + "-([0-9]{2}) " + TIME + " gmt");
    private static final Pattern ASCTIME =
            Pattern.compile(DAY + " " + MONTH + " ([0-9 ][0-9]) " + TIME + " ([0-9]{4})");
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

    private HttpDates() {}

    /**
     * @param nowSeconds since 1970, for the century of a year of two digits
     * @return seconds since 1970; {@link #INVALID} for what is no date, and for null
     */
    public static long parse(@Nullable String text, long nowSeconds) {
        if (text == null) {
            return INVALID;
        }
        String lower = text.strip().toLowerCase(Locale.ROOT);
        Matcher fixdate = FIXDATE.matcher(lower);
        if (fixdate.matches()) {
            return seconds(fixdate, number(fixdate, 3), fixdate.group(2), number(fixdate, 1), 4);
        }
        Matcher rfc850 = RFC850.matcher(lower);
        if (rfc850.matches()) {
            return century(rfc850, nowSeconds);
        }
        Matcher asctime = ASCTIME.matcher(lower);
        if (asctime.matches()) {
            int day = Integer.parseInt(asctime.group(2).strip());
            return seconds(asctime, number(asctime, 6), asctime.group(1), day, 3);
        }
        return INVALID;
    }

    /** A date more than 50 years ahead is the most recent year in the past with the same two digits (RFC 9110 section 5.6.7). */
    private static long century(Matcher date, long nowSeconds) {
        int now = LocalDateTime.ofEpochSecond(nowSeconds, 0, ZoneOffset.UTC).getYear();
        int year = now / 100 * 100 + number(date, 3);
        if (year > now + 50) {
            year -= 100;
        } else if (year < now - 50) {
            year += 100;
        }
        return seconds(date, year, date.group(2), number(date, 1), 4);
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static long seconds(Matcher date, int year, String month, int day, int time) {
        try {
            int second = number(date, time + 2);
            if (second > 60) {
                return INVALID;
            }
            return LocalDateTime.of(
                                    year,
                                    MONTHS.indexOf(month) / 3 + 1,
                                    day,
                                    number(date, time),
                                    number(date, time + 1),
                                    Math.min(second, 59))
                            .toEpochSecond(ZoneOffset.UTC)
                    + (second == 60 ? 1 : 0); // a leap second
        } catch (DateTimeException e) {
            return INVALID;
        }
    }
}
