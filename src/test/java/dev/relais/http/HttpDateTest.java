package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HttpDateTest {
    private final AtomicLong clock = new AtomicLong();
    private final HttpDate date = new HttpDate(clock::get);

    private String at(String instant) {
        return at(Instant.parse(instant).toEpochMilli());
    }

    private String at(long epochMillis) {
        clock.set(epochMillis);
        return date.now();
    }

    @Test
    void isTheExampleOfRfc9110() {
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", at("1994-11-06T08:49:37.999Z"));
        assertEquals("Thu, 29 Feb 2024 00:00:00 GMT", at("2024-02-29T00:00:00Z"));
    }

    @Test
    void isEnglishInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("th-TH-u-nu-thai"));
            assertEquals("Wed, 01 May 2024 10:00:00 GMT", at(1_714_557_600_000L));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void isFormattedOnceASecond() {
        assertSame(at(1_000), at(1_999));
        assertNotEquals(at(1_999), at(2_000));
    }
}
