package dev.relais.accesslog;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as lines have them, formatted once a second. Owned by the writer's thread. */
final class Times {
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ENGLISH);

    private final ZoneId zone;
    private long localSecond = Long.MIN_VALUE;
    private String local = "";
    private long utcSecond = Long.MIN_VALUE;
    private String utc = "";

    Times(ZoneId zone) {
        this.zone = zone;
    }

    /** As nginx writes it: {@code 29/Nov/2026:04:30:18 +0000}. */
    String local(long millis) {
        long second = Math.floorDiv(millis, 1000L);
        if (second != localSecond) {
            localSecond = second;
            local = LOCAL.format(Instant.ofEpochSecond(second).atZone(zone));
        }
        return local;
    }

    /** As RFC 3339 has it, without what follows the second: {@code 2026-11-29T04:30:18}, in UTC. */
    String utc(long millis) {
        long second = Math.floorDiv(millis, 1000L);
        if (second != utcSecond) {
            utcSecond = second;
            utc = UTC.format(Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
        }
        return utc;
    }
}
