package dev.relais;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigitsTest {
    private static final long LARGEST = Long.MAX_VALUE - 1;

    @ParameterizedTest
    @CsvSource({
        "0,                    0",
        "007,                  7",
        "9223372036854775806,  9223372036854775806",
        "9223372036854775807,  -1",
        "9223372036854775808,  -1",
        "99999999999999999999, -1",
        "'',                   -1",
        "' 1',                 -1",
        "'1 ',                 -1",
        "+1,                   -1",
        "-1,                   -1",
        "1.0,                  -1",
        "1e3,                  -1",
        "0x1,                  -1",
        "\u0661,               -1", // of Arabic
        "\uff11,               -1", // wide
    })
    void aNumberIsDigitsAlone(String text, long number) {
        assertEquals(number, Digits.parse(text, LARGEST));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "1, 0, -1", "65535, 65535, 65535", "65536, 65535, -1", "99, 9, -1", "10, 9, -1", "9, 9, 9"})
    void whatIsMoreThanTheMostIsNone(String text, long most, long number) {
        assertEquals(number, Digits.parse(text, most));
    }

    @ParameterizedTest
    @CsvSource({"99999999999999999999999, 10, 11", "11, 10, 11", "10, 10, 10", "99x, 10, -1", "'', 10, -1"})
    void cappedItIsOneMore(String text, long most, long number) {
        assertEquals(number, Digits.capped(text, most));
    }

    @ParameterizedTest
    @CsvSource({"'Rss:    12 kB', 12", "'', 0", "'none', 0", "'a1b2c3', 123"})
    void whatStandsAmongTheDigitsIsPassedOver(String text, long number) {
        assertEquals(number, Digits.among(text, 0, text.length()));
    }

    @ParameterizedTest
    @CsvSource({"'404 Not Found', 3", "404, 3", "'', 0", "' 404', 0", "4x4, 1"})
    void theDigitsThatATextBeginsWithEndBeforeAnythingElse(String text, int end) {
        assertEquals(end, Digits.end(text));
    }
}
