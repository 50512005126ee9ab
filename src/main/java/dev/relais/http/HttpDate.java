package dev.relais.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of the Date field (RFC 9110 section 6.6.1), formatted once a second. Owned by one event loop. */
public final class HttpDate {
    /** Not {@link DateTimeFormatter#RFC_1123_DATE_TIME}, which writes the first nine days with one digit. */
    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    private long second = Long.MIN_VALUE;
    private String value;

    public String at(long epochMillis) {
        long current = epochMillis / 1000;
        if (current != second) {
            second = current;
            value = of(current);
        }
        return value;
    }

    /** Any thread. */
    public static String of(long epochSecond) {
        return IMF_FIXDATE.format(Instant.ofEpochSecond(epochSecond).atOffset(ZoneOffset.UTC));
    }
}
