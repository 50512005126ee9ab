package dev.relais.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileConditionsTest {
    private static final String ETAG = "\"5e0be100-a\"";
    private static final long MODIFIED = 1_577_836_800; // Wed, 01 Jan 2020 00:00:00 GMT

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "If-Match            | \"5e0be100-a\"                  | SEND",
                "If-Match            | *                               | SEND",
                "If-Match            | \"x\", \"5e0be100-a\"           | SEND",
                "If-Match            | W/\"5e0be100-a\"                | FAILED",
                "If-Match            | \"x\"                           | FAILED",
                "If-Match            | 5e0be100-a                      | FAILED",
                "If-Unmodified-Since | Wed, 01 Jan 2020 00:00:00 GMT   | SEND",
                "If-Unmodified-Since | Tue, 31 Dec 2019 23:59:59 GMT   | FAILED",
                "If-Unmodified-Since | yesterday                       | SEND",
                "If-None-Match       | \"5e0be100-a\"                  | NOT_MODIFIED",
                "If-None-Match       | W/\"5e0be100-a\"                | NOT_MODIFIED",
                "If-None-Match       | \"x\", W/\"5e0be100-a\"         | NOT_MODIFIED",
                "If-None-Match       | *                               | NOT_MODIFIED",
                "If-None-Match       | \"x\"                           | SEND",
                "If-Modified-Since   | Wed, 01 Jan 2020 00:00:00 GMT   | NOT_MODIFIED",
                "If-Modified-Since   | Wednesday, 01-Jan-20 00:00:00 GMT | NOT_MODIFIED",
                "If-Modified-Since   | Thu, 02 Jan 2020 00:00:00 GMT   | NOT_MODIFIED",
                "If-Modified-Since   | Tue, 31 Dec 2019 23:59:59 GMT   | SEND",
                "If-Modified-Since   | 0                               | SEND",
            })
    void aFieldAlone(String name, String value, FileConditions.Result result) {
        assertEquals(result, FileConditions.of(headers(name, value), ETAG, MODIFIED));
    }

    @Test
    void withoutAFieldTheFileIsSent() {
        assertEquals(FileConditions.Result.SEND, FileConditions.of(headers(), ETAG, MODIFIED));
    }

    @Test
    void entityTagsGoBeforeDates() {
        String before = "Tue, 31 Dec 2019 00:00:00 GMT";
        assertEquals(
                FileConditions.Result.SEND,
                FileConditions.of(headers("If-Match", ETAG, "If-Unmodified-Since", before), ETAG, MODIFIED));
        assertEquals(
                FileConditions.Result.SEND,
                FileConditions.of(
                        headers("If-None-Match", "\"x\"", "If-Modified-Since", "Thu, 02 Jan 2020 00:00:00 GMT"),
                        ETAG,
                        MODIFIED));
        assertEquals(
                FileConditions.Result.FAILED,
                FileConditions.of(headers("If-None-Match", ETAG, "If-Match", "\"x\""), ETAG, MODIFIED));
    }

    @Test
    void repeatedFieldsAreOneList() {
        assertEquals(
                FileConditions.Result.NOT_MODIFIED,
                FileConditions.of(headers("If-None-Match", "\"x\"", "If-None-Match", ETAG), ETAG, MODIFIED));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\"5e0be100-a\"                | true",
                "W/\"5e0be100-a\"              | false",
                "\"x\"                         | false",
                "Wed, 01 Jan 2020 00:00:00 GMT | true",
                "Thu, 02 Jan 2020 00:00:00 GMT | false",
                "nonsense                      | false",
            })
    void ifRangeWantsTheVeryFile(String value, boolean counts) {
        assertEquals(counts, FileConditions.rangeCounts(headers("If-Range", value), ETAG, MODIFIED));
    }

    private static MultiMap headers(String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }
}
