package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.EmbeddedChild;
import dev.relais.fastcgi.Wire;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Validation towards PHP and towards clients, HEAD and ranges (RFC 9111 section 4.3). */
class ResultConditionTest extends ResultFixture {
    @Test
    void aStaleAnswerIsValidatedByItsTag() {
        miss("first", MAX_AGE, "ETag: \"1\"", "Last-Modified: " + date(-100), "A: 1", "B: 1");
        seconds(60);
        Caller next = get();
        EmbeddedChild child = called();
        assertTrue(request.contains("HTTP_IF_NONE_MATCH\"1\""), request);
        assertTrue(request.contains("HTTP_IF_MODIFIED_SINCE" + date(-100)), request);
        sends(child, Wire.stdout("Status: 304 Same\r\nETag: \"1\"\r\nA: 2\r\n" + MAX_AGE + "\r\n\r\n"), Wire.end(0, 0));
        assertEquals(200, next.client.status());
        assertEquals("first", next.client.body());
        assertEquals("2", next.client.header("A"));
        assertEquals("1", next.client.header("B"));
        assertEquals("Relais; fwd=stale; fwd-status=304; stored; ttl=60", status(next));
        seconds(59);
        assertEquals("2", hit("first", get()).client.header("A"));
    }

    @Test
    void a304MayChangeOneOfTwoValidators() {
        miss("first", MAX_AGE, "ETag: \"1\"", "Last-Modified: " + date(-100));
        seconds(60);
        Caller next = get();
        php("", "Status: 304 Same", "ETag: \"2\"", "Last-Modified: " + date(-100), MAX_AGE);
        assertEquals("first", next.client.body());
        assertEquals("\"2\"", hit("first", get()).client.header("ETag"));
    }

    @Test
    void a304AboutAnotherAnswerIsAnsweredByTheStoredOneWhichIsNotKept() {
        miss("first", MAX_AGE, "ETag: \"1\"");
        seconds(60);
        Caller next = get();
        php("", "Status: 304 Same", "ETag: \"2\"", MAX_AGE);
        assertEquals(200, next.client.status());
        assertEquals("first", next.client.body());
        asked(get(), "second");
    }

    @Test
    void noCacheHasItValidatedEachTime() {
        miss("first", "Cache-Control: no-cache", "ETag: W/\"1\"");
        for (int i = 0; i < 2; i++) {
            Caller next = get();
            php("", "Status: 304 Same", "ETag: W/\"1\"", "Cache-Control: no-cache");
            assertEquals("first", next.client.body());
        }
    }

    @Test
    void aValidationThatFindsAnotherAnswerReplacesIt() {
        miss("first", MAX_AGE, "ETag: \"1\"");
        seconds(60);
        asked(get(), "second", MAX_AGE, "ETag: \"2\"");
        assertEquals("\"2\"", hit("second", get()).client.header("ETag"));
    }

    @Test
    void aClientThatHasTheAnswerGets304AlsoAfterAValidation() {
        miss("first", MAX_AGE, "ETag: \"1\"");
        seconds(60);
        Caller next = get("If-None-Match: \"1\"");
        php("", "Status: 304 Same", "ETag: \"1\"", MAX_AGE);
        assertEquals(304, next.client.status());
        assertEquals("", next.client.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1\"", "W/\"1\"", "\"0\", \"1\", \"2\"", "*", "\"2\",\"1\"", "W/\"1;relais\""})
    void aClientThatHasTheAnswerGets304(String tags) {
        miss("first", MAX_AGE, "ETag: \"1\"", "Last-Modified: " + date(-100), "Content-Type: text/plain", "Vary: Foo");
        Caller next = get("If-None-Match: " + tags, "If-Modified-Since: " + date(-1000));
        noneIsCalled();
        assertEquals(304, next.client.status());
        assertEquals("", next.client.body());
        assertEquals("Foo", next.client.header("Vary").split(",")[0]);
        assertTrue(next.client.header("Cache-Control").contains("max-age"));
        assertNull(next.client.header("Content-Type"));
        assertTrue(next.client.header("ETag").contains("1"));
    }

    @Test
    void aKeptAnswerIsCodedOnceAndValidatedInItsCodedForm() throws IOException {
        heads = null; // that compress
        String body = "kept ".repeat(200);
        miss(body, MAX_AGE, "ETag: \"1\"", "Content-Type: text/html");
        long plain = cache().usedBytes();
        Caller coded = null;
        for (int i = 0; i < 2; i++) {
            coded = get("Accept-Encoding: gzip");
            noneIsCalled();
            assertEquals("gzip", coded.client.header("Content-Encoding"));
            assertEquals("W/\"1;relais\"", coded.client.header("ETag"));
            byte[] bytes = coded.client.body().getBytes(StandardCharsets.ISO_8859_1);
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                assertEquals(body, new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
        assertEquals(coded.client.body().length(), cache().usedBytes() - plain, "it was coded once, and is counted");
        Caller same = get("Accept-Encoding: gzip", "If-None-Match: W/\"1;relais\"");
        assertEquals(304, same.client.status());
        assertEquals("W/\"1;relais\"", same.client.header("ETag"));
        hit(body, get());
    }

    @Test
    void ifNoneMatchTakesPrecedenceOverIfModifiedSince() {
        miss("first", MAX_AGE, "ETag: \"1\"", "Last-Modified: " + date(-100));
        hit("first", get("If-None-Match: \"2\"", "If-Modified-Since: " + date(0)));
    }

    @ParameterizedTest
    @CsvSource({"-100, 304", "-50, 304", "-101, 200"})
    void aClientThatHasItSinceThenGets304(int since, int status) {
        miss("first", MAX_AGE, "Last-Modified: " + date(-100));
        assertEquals(status, get("If-Modified-Since: " + date(since)).client.status());
        noneIsCalled();
    }

    @Test
    void withoutALastModifiedTheDateCounts() {
        miss("first", MAX_AGE);
        seconds(10);
        assertEquals(304, get("If-Modified-Since: " + date(5)).client.status());
        assertEquals(200, get("If-Modified-Since: " + date(-5)).client.status());
        noneIsCalled();
    }

    @Test
    void aConditionThatOnlyPhpCanCheckGoesToPhp() {
        miss("first", MAX_AGE, "ETag: \"1\"");
        Caller next = get("If-Match: \"2\"");
        asked(next, "failed", "Status: 412 Failed");
        assertTrue(status(next).startsWith("Relais; fwd=bypass; detail=condition"), status(next));
        hit("first", get());
    }

    @Test
    void aConditionGoesToPhpWhileNothingIsKept() {
        Caller next = get("If-None-Match: \"1\"");
        EmbeddedChild child = called();
        assertTrue(request.contains("HTTP_IF_NONE_MATCH\"1\""), request);
        sends(child, Wire.stdout("Status: 304 Same\r\n\r\n"), Wire.end(0, 0));
        assertEquals(304, next.client.status());
    }

    @Test
    void headIsAnsweredFromAKeptGet() {
        miss("first", MAX_AGE, "A: 1");
        Caller head = hit("", head());
        assertEquals("5", head.client.header("Content-Length"));
        assertEquals("1", head.client.header("A"));
    }

    @Test
    void headGoesToPhpWhileNothingIsKeptAndIsNotKept() {
        Caller head = head();
        php("", MAX_AGE);
        assertFalse(status(head).contains("stored"), status(head));
        asked(get(), "first");
    }

    @Test
    void theAnswerToHeadBringsTheKeptOneUpToDate() {
        miss("first", MAX_AGE, "ETag: \"1\"", "A: 1", "B: 1");
        seconds(60);
        head();
        php("", MAX_AGE, "ETag: \"1\"", "A: 2");
        Caller again = hit("first", get());
        assertEquals("2", again.client.header("A"));
        assertEquals("1", again.client.header("B"));
        assertEquals("0", age(again));
    }

    @Test
    void theAnswerToHeadMayShowThatTheKeptOneIsOutdated() {
        miss("first", MAX_AGE, "ETag: \"1\"");
        head("Cache-Control: no-cache");
        php("", MAX_AGE, "ETag: \"2\"");
        asked(get(), "second");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-1, 206, 01, bytes 0-1/10",
        "bytes=5-, 206, 56789, bytes 5-9/10",
        "bytes=-3, 206, 789, bytes 7-9/10",
        "bytes=10-, 416, '', bytes */10",
        "'bytes=0-1,3-4', 200, 0123456789, ",
        "lines=0-1, 200, 0123456789, "
    })
    void aPartOfAKeptAnswerIsGiven(String range, int status, String body, String contentRange) {
        miss("0123456789", MAX_AGE, "ETag: \"1\"");
        Caller part = get("Range: " + range);
        noneIsCalled();
        assertEquals(status, part.client.status());
        assertEquals(body, part.client.body());
        assertEquals(contentRange, part.client.header("Content-Range"));
    }

    @ParameterizedTest
    @CsvSource({"'\"1\"', 206", "'\"2\"', 200", "'W/\"1\"', 200"})
    void aRangeCountsOnlyForTheAnswerThatIfRangeNames(String tag, int status) {
        miss("0123456789", MAX_AGE, "ETag: \"1\"");
        assertEquals(status, get("Range: bytes=0-1", "If-Range: " + tag).client.status());
        noneIsCalled();
    }
}
