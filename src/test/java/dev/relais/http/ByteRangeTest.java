package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-0,      0,  1, bytes 0-0/10",
        "bytes=2-5,      2,  4, bytes 2-5/10",
        "bytes=2-,       2,  8, bytes 2-9/10",
        "bytes=-3,       7,  3, bytes 7-9/10",
        "bytes=-99,      0, 10, bytes 0-9/10",
        "bytes=9-99,     9,  1, bytes 9-9/10",
        "BYTES=0-1,      0,  2, bytes 0-1/10",
        "bytes= 0 - 1 ,  0,  2, bytes 0-1/10",
        "bytes=0-99999999999999999999999, 0, 10, bytes 0-9/10",
        "bytes=-99999999999999999999999,  0, 10, bytes 0-9/10",
    })
    void aRangeIsCutToTheFile(String field, long first, long length, String contentRange) {
        ByteRange range = ByteRange.parse(field, 10);

        assertEquals(new ByteRange(first, length), range);
        assertEquals(contentRange, range.contentRange(10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=10-",
                "bytes=10-20",
                "bytes=-0",
                "bytes=5-4",
                "bytes=",
                "bytes=-",
                "bytes=a-b",
                "bytes=1",
                "bytes=+1-2",
                "bytes=1--2",
                "bytes=99999999999999999999999-"
            })
    void aRangeOfNothingIsNotSatisfiable(String field) {
        ByteRange range = ByteRange.parse(field, 10);

        assertEquals(ByteRange.UNSATISFIABLE, range);
        assertEquals("bytes */10", range.contentRange(10));
    }

    @Test
    void anEmptyFileHasNoPart() {
        assertEquals(ByteRange.UNSATISFIABLE, ByteRange.parse("bytes=0-", 0));
        assertEquals(ByteRange.UNSATISFIABLE, ByteRange.parse("bytes=-1", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lines=0-1", "bytes", "bytes=0-1,3-4", ""})
    void anotherUnitAndSeveralRangesMeanTheWholeFile(String field) {
        assertNull(ByteRange.parse(field, 10));
    }

    @Test
    void noFieldMeansTheWholeFile() {
        assertNull(ByteRange.parse(null, 10));
    }
}
