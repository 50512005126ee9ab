package dev.relais.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The value of the Date field (RFC 9110 section 6.6.1), formatted once a second. Owned by one event loop. */
public final class HttpDate {
    /** This is not {@link DateTimeFormatter#RFC_1123_DATE_TIME}, which writes the first nine days of a month with one digit. */
    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    private final LongSupplier clock;
    private long second = Long.MIN_VALUE;
    private String value = "";

    /** @param clock milliseconds since 1970 */
    HttpDate(LongSupplier clock) {
        this.clock = clock;
    }

    String now() {
        long current = Math.floorDiv(clock.getAsLong(), 1000L);
        if (current != second) {
            second = current;
            value = of(current);
        }
        return value;
    }

    /** The value for a time in seconds since 1970. Any thread. */
    public static String of(long epochSecond) {
        return IMF_FIXDATE.format(Instant.ofEpochSecond(epochSecond).atOffset(ZoneOffset.UTC));
    }
}
