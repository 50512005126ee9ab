package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.ResponseHead;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerHeadTest {
    private static AnswerHead of(String... fields) {
        return AnswerHead.of(new ResponseHead(200, "OK", List.of(fields), null));
    }

    @Test
    void fieldsThatAreAllTheClientsAreNotCopied() {
        List<String> fields = List.of("X-Powered-By", "PHP", "Content-Type", "text/html");
        AnswerHead head = AnswerHead.of(new ResponseHead(201, "Made", fields, null));

        assertSame(fields, head.fields());
        assertEquals(201, head.status());
        assertEquals("Made", head.reason());
        assertEquals("text/html", head.mediaType());
        assertEquals(-1, head.length());
        assertFalse(head.lengthIsWrong());
        assertTrue(head.buffered());
        assertFalse(head.delivery().isByFile());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "connection",
                "Keep-Alive",
                "Proxy-Connection",
                "Proxy-Authenticate",
                "Proxy-Authorization",
                "TE",
                "Trailer",
                "Transfer-Encoding",
                "Upgrade",
                "HTTP2-Settings",
                "X-Accel-Buffering",
                "X-Accel-Expires",
                "x-accel-anything",
                "Content-Length"
            })
    void aFieldThatIsNotTheClientsIsLeftOut(String name) {
        assertEquals(
                List.of("A", "1", "B", "2"), of("A", "1", name, "x", "B", "2").fields());
    }

    @Test
    void whatConnectionNamesIsLeftOutWhereverItStands() {
        assertEquals(
                List.of("B", "2"),
                of("X-Hop", "1", "B", "2", "Connection", "close, x-hop", "X-HOP", "3")
                        .fields());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "00012, 12", "9223372036854775807, -1", "'', -1", "+1, -1", "-1, -1", "1.5, -1", "'1, 1', -1"})
    void aLengthIsDigitsAlone(String value, long length) {
        AnswerHead head = of("Content-Length", value);

        assertEquals(length, head.length());
        assertEquals(length < 0, head.lengthIsWrong());
    }

    @Test
    void severalLengthsAreNone() {
        AnswerHead head = of("Content-Length", "1", "content-length", "1");

        assertEquals(-1, head.length());
        assertTrue(head.lengthIsWrong());
    }

    @Test
    void oneWordAgainstBufferingIsEnough() {
        assertFalse(of("X-Accel-Buffering", "NO", "X-Accel-Buffering", "yes").buffered());
        assertTrue(of("X-Accel-Buffering", "yes").buffered());
    }

    @Test
    void aFileTakesThePlaceOfTheBodyAndOfWhatDescribesIt() {
        AnswerHead head = of(
                "Set-Cookie", "a=1",
                "ETag", "\"mine\"",
                "Content-Length", "7",
                "Content-Type", "text/x",
                "X-Sendfile", "/one",
                "Location", "/",
                "X-Accel-Redirect", "/no",
                "x-sendfile", "/two");

        assertEquals(new Delivery(Delivery.SENDFILE, "/two"), head.delivery());
        assertEquals(List.of("Set-Cookie", "a=1", "Content-Type", "text/x"), head.fields());
        assertEquals("text/x", head.mediaType());
    }

    @Test
    void ofTwoFieldsForAFileTheFirstCounts() {
        assertEquals(
                new Delivery(Delivery.ACCEL_REDIRECT, "/a"),
                of("X-Accel-Redirect", "/a", "X-Sendfile", "/b").delivery());
    }

    @Test
    void aProblemSaysThatItIsNotToBeStored() {
        assertEquals(
                List.of("Content-Type", "application/problem+json", "Cache-Control", "no-store", "Allow", "GET"),
                AnswerHead.of(Problem.METHOD_NOT_ALLOWED, Problem.CONTENT_TYPE, "{}", "Allow", "GET")
                        .fields());
        assertTrue(AnswerHead.of(Problem.MEMORY_FULL, Problem.CONTENT_TYPE, "{}", null, null)
                .fields()
                .contains("Retry-After"));
    }
}
