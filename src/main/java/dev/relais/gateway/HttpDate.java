package dev.relais.gateway;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The value of the Date field (RFC 9110 section 6.6.1), formatted once a second. Owned by one event loop. */
final class HttpDate {
    private long second = Long.MIN_VALUE;
    private String value;

    String at(long epochMillis) {
        long current = epochMillis / 1000;
        if (current != second) {
            second = current;
            value = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    Instant.ofEpochSecond(current).atOffset(ZoneOffset.UTC));
        }
        return value;
    }
}
