package dev.relais.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dates in the three forms of RFC 9110 section 5.6.7, and what is none. */
class HttpDatesTest {
    private static final long NOW = 1_795_896_000L; // in 2026

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sun, 06 Nov 1994 08:49:37 GMT | 784111777",
                "Sunday, 06-Nov-94 08:49:37 GMT | 784111777",
                "Sun Nov  6 08:49:37 1994 | 784111777",
                "Sun Nov 16 08:49:37 1994 | 784975777",
                "SUN, 06 NOV 1994 08:49:37 gmt | 784111777",
                "Thu, 01 Jan 1970 00:00:00 GMT | 0",
                "Thu, 18 Aug 2050 02:01:18 GMT | 2544400878",
                "Thursday, 18-Aug-50 02:01:18 GMT | 2544400878",
                "Monday, 01-Jan-77 00:00:00 GMT | 220924800",
                "Fri, 31 Dec 2032 23:59:60 GMT | 1988150400",
            })
    void aDateIsRead(String text, long seconds) {
        assertEquals(seconds, HttpDates.parse(text, NOW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "now",
                "Thu, 18 Aug 2050 02:01:18 UTC",
                "Thu, 18 Aug 2050 02:01:18 +0000",
                "Thu, 18 Aug 2050 02:01:18",
                "Thu, 18 Aug 50 02:01:18 GMT",
                "Thu 18 Aug 2050 02:01:18 GMT",
                "Thu, 18  Aug  2050 02:01:18 GMT",
                "Thu, 18-Aug-2050 02:01:18 GMT",
                "Thu, 18 Aug 2050 02.01.18 GMT",
                "Thu, 18 Aug 2050 2:01:18 GMT",
                "Thu, 32 Aug 2050 02:01:18 GMT",
                "Thu, 18 Aug 2050 24:01:18 GMT",
                "Thu, 18 Aug 2050 02:61:18 GMT",
                "Thu, 18 Aug 2050 02:01:61 GMT",
                "Xyz, 18 Aug 2050 02:01:18 GMT"
            })
    void whatIsNoDateIsNone(String text) {
        assertEquals(HttpDates.INVALID, HttpDates.parse(text, NOW));
    }
}
