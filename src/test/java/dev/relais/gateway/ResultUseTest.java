package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.EmbeddedChild;
import dev.relais.fastcgi.Wire;
import dev.relais.functions.CacheSettings;
import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a kept answer is given, and to whom (RFC 9111 sections 4 and 5, RFC 5861). */
class ResultUseTest extends ResultFixture {
    @Test
    void anAnswerIsGivenUntilItIsStaleWithItsAgeInSeconds() {
        miss("first", MAX_AGE);
        assertEquals("0", age(hit("first", get())));
        seconds(59);
        Caller last = hit("first", get());
        assertEquals("59", age(last));
        assertEquals("Relais; hit; ttl=1", status(last));
        seconds(1);
        Caller next = get();
        asked(next, "second", MAX_AGE);
        hasNoAge(next);
        assertEquals("Relais; fwd=stale; stored; ttl=60", status(next));
    }

    @Test
    void theAgeThatAnAnswerCameWithCounts() {
        miss("first", MAX_AGE, "Age: 30");
        seconds(10);
        assertEquals("40", age(hit("first", get())));
        seconds(20);
        asked(get(), "second");
    }

    @Test
    void theTimeSinceItsDateCounts() {
        miss("first", MAX_AGE, "Date: " + date(-20));
        assertEquals("20", age(hit("first", get())));
        seconds(40);
        asked(get(), "second");
    }

    @Test
    void theTimeThatPhpTookCounts() {
        Caller first = get();
        EmbeddedChild child = called();
        seconds(3);
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\nfirst"), Wire.end(0, 0));
        assertEquals("first", first.client.body());
        assertEquals("3", age(hit("first", get())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"7200, 0 | 7200", "abc | 0", "-7200 | 0", "7200.0 | 0", "0, 7200 | 0"})
    void ofAnAgeThatIsAListTheFirstCountsAndWhatIsNoNumberDoesNot(String field, String seen) {
        miss("first", "Cache-Control: max-age=9999", "Age: " + field);
        assertEquals(seen, age(hit("first", get())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-cache", "max-age=0", "no-store", "min-fresh=61", "No-Cache"})
    void aRequestMayWantPhpToBeAsked(String control) {
        miss("first", MAX_AGE);
        Caller next = get("Cache-Control: " + control);
        asked(next, "second", MAX_AGE);
        assertTrue(status(next).startsWith("Relais; fwd=request"), status(next));
    }

    @Test
    void aRequestMayWantAnAnswerOfACertainAge() {
        miss("first", MAX_AGE);
        seconds(10);
        hit("first", get("Cache-Control: max-age=10"));
        hit("first", get("Cache-Control: min-fresh=50"));
        asked(get("Cache-Control: max-age=9"), "second", MAX_AGE);
        seconds(20);
        asked(get("Cache-Control: min-fresh=41"), "third", MAX_AGE);
    }

    @Test
    void aRequestMayTakeAStaleAnswer() {
        miss("first", MAX_AGE, "ETag: \"1\"");
        seconds(70);
        Caller stale = hit("first", get("Cache-Control: max-stale=10"));
        assertEquals("Relais; hit; ttl=-10; detail=max-stale", status(stale));
        hit("first", get("Cache-Control: max-stale"));
        asked(get("Cache-Control: max-stale=9"), "second", MAX_AGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"must-revalidate", "proxy-revalidate", "s-maxage=60", "no-cache"})
    void anAnswerMayForbidThatItIsGivenStale(String directive) {
        String control = "Cache-Control: max-age=60, stale-while-revalidate=99, stale-if-error=99, " + directive;
        miss("first", control, "ETag: \"1\"");
        seconds(60);
        Caller next = get("Cache-Control: max-stale");
        asked(next, "second", "Status: 500 Failed");
        assertEquals(500, next.client.status());
    }

    @Test
    void onlyIfCachedIs504WithoutAKeptAnswer() {
        Caller none = get("Cache-Control: only-if-cached");
        assertEquals(504, none.client.status());
        noneIsCalled();
        miss("first", MAX_AGE);
        hit("first", get("Cache-Control: only-if-cached"));
        seconds(60);
        assertEquals(504, get("Cache-Control: only-if-cached").client.status());
    }

    @Test
    void aStaleAnswerIsGivenWhilePhpMakesANewOne() {
        miss("first", "Cache-Control: max-age=60, stale-while-revalidate=30", "ETag: \"1\"");
        seconds(89);
        Caller stale = get();
        assertEquals("first", stale.client.body());
        assertEquals("Relais; hit; ttl=-29; detail=stale-while-revalidate", status(stale));
        EmbeddedChild child = called();
        assertTrue(request.contains("HTTP_IF_NONE_MATCH\"1\""), request);
        assertEquals("first", get().client.body());
        noneIsCalled();
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\nsecond"), Wire.end(0, 0));
        hit("second", get());
    }

    @Test
    void aRevalidationBesideTheClientsFreshensTheAnswerByA304() {
        miss("first", "Cache-Control: max-age=60, stale-while-revalidate=30", "ETag: \"1\"");
        seconds(60);
        get("If-None-Match: \"other\"");
        php("", "Status: 304 Same", "ETag: \"1\"", MAX_AGE);
        Caller again = hit("first", get());
        assertEquals("0", age(again));
    }

    @Test
    void afterThatTimePhpIsAskedFirst() {
        miss("first", "Cache-Control: max-age=60, stale-while-revalidate=30");
        seconds(90);
        asked(get(), "second");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void aStaleAnswerIsGivenWhenPhpFails(int status) {
        miss("first", "Cache-Control: max-age=60, stale-if-error=30");
        seconds(89);
        Caller stale = get();
        php("oops", "Status: " + status + " Failed");
        assertEquals("first", stale.client.body());
        assertEquals(200, stale.client.status());
        assertEquals("Relais; fwd=stale; fwd-status=" + status + "; detail=stale-if-error", status(stale));
        seconds(1);
        asked(get(), "oops", "Status: " + status + " Failed");
    }

    @Test
    void aRequestMayTakeAStaleAnswerWhenPhpFails() {
        miss("first", MAX_AGE, "ETag: \"1\"");
        seconds(65);
        Caller stale = get("Cache-Control: stale-if-error=6");
        php("oops", "Status: 500 Failed");
        assertEquals("first", stale.client.body());
        asked(get("Cache-Control: stale-if-error=5"), "oops", "Status: 500 Failed");
    }

    @Test
    void aStaleAnswerIsGivenWhenThePhpProcessDies() throws InterruptedException {
        settings = settings.toBuilder().idempotent(false).build();
        miss("first", "Cache-Control: max-age=60, stale-if-error=30");
        seconds(60);
        Caller stale = get();
        dies(called());
        assertEquals("first", stale.client.body());
        assertEquals("Relais; hit; ttl=0; detail=stale-if-error", status(stale));
    }

    @Test
    void aStaleAnswerIsGivenWhenTheFunctionIsRefused() {
        miss("first", MAX_AGE, "ETag: \"1\"");
        seconds(70);
        poison();
        Caller stale = get();
        assertEquals("first", stale.client.body());
        assertEquals("Relais; hit; ttl=-10; detail=stale-when-saturated", status(stale));
        seconds(50);
        assertEquals(503, get().client.status());
    }

    @Test
    void aStaleAnswerIsGivenBefore503WhenTheQueueIsFull() {
        miss("first", MAX_AGE, "ETag: \"1\"");
        seconds(60);
        for (int i = 0; i < 6; i++) { // two children and four places
            ask(HttpMethod.POST, "");
        }
        Caller stale = get();
        assertEquals("first", stale.client.body());
        assertTrue(status(stale).endsWith("stale-when-saturated"), status(stale));
        assertEquals(503, get("Cookie: a=b").client.status());
    }

    @Test
    void staleWhenSaturatedCanBeTurnedOff() {
        config.put("relais.cache.stale-when-saturated", "0s");
        miss("first", MAX_AGE, "ETag: \"1\"");
        seconds(60);
        poison();
        assertEquals(503, get().client.status());
    }

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

    @Test
    void answersAreSelectedByVary() {
        asked(get("Foo: 1"), "one", MAX_AGE, "Vary: Foo");
        Caller two = get("Foo: 2");
        asked(two, "two", MAX_AGE, "Vary: Foo");
        assertTrue(status(two).startsWith("Relais; fwd=vary-miss"), status(two));
        hit("one", get("Foo: 1", "Other: 3"));
        hit("two", get("Foo: 2"));
        asked(get(), "none", MAX_AGE, "Vary: Foo");
        hit("none", get());
        hit("one", get("Foo: 1"));
    }

    @Test
    void valuesThatDifferOnlyInBlanksAndLinesSelectTheSame() {
        asked(get("Foo: 1,2"), "one", MAX_AGE, "Vary: Foo, Bar");
        hit("one", get("Foo:  1, 2 "));
        hit("one", get("Foo: 1", "Foo: 2"));
        asked(get("Foo: 2, 1"), "two");
    }

    @Test
    void unsafeMethodsMakeWhatIsKeptOutdated() {
        for (HttpMethod method :
                List.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE, HttpMethod.valueOf("M-SEARCH"))) {
            isKept(MAX_AGE);
            asked(ask(method, ""), "done");
            asked(get(), "second", "Cache-Control: no-store");
        }
    }

    @Test
    void anUnsafeMethodThatFailsLeavesItAsItIs() {
        isKept(MAX_AGE);
        asked(ask(HttpMethod.POST, ""), "failed", "Status: 500 Failed");
        hit("first", get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Location", "Content-Location"})
    void alsoWhatItsAnswerNames(String field) {
        for (String reference : List.of("/api/scripted/b?x=1", "b?x=1", "http://localhost/api/scripted/b?x=1")) {
            asked(ask(HttpMethod.GET, "/b?x=1"), "first", MAX_AGE);
            asked(ask(HttpMethod.POST, "/a"), "done", "Status: 201 Made", field + ": " + reference);
            asked(ask(HttpMethod.GET, "/b?x=1"), "second", MAX_AGE);
            asked(
                    ask(HttpMethod.POST, "/a"),
                    "done",
                    "Status: 201 Made",
                    field + ": http://elsewhere/api/scripted/b?x=1");
            hit("second", ask(HttpMethod.GET, "/b?x=1"));
            asked(ask(HttpMethod.POST, "/b?x=1"), "done");
        }
    }

    @Test
    void anAnswerThatBeganBeforeAnUnsafeMethodIsNotKept() {
        Caller first = get();
        EmbeddedChild child = called();
        asked(ask(HttpMethod.POST, ""), "done");
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\nfirst"), Wire.end(0, 0));
        assertEquals("first", first.client.body());
        asked(get(), "second");
    }

    @Test
    void aTargetedFieldIsObeyedAndRemoved() {
        Caller first = miss("first", "Relais-Cache-Control: max-age=60", "Cache-Control: no-store");
        assertNull(first.client.header("Relais-Cache-Control"));
        Caller again = hit("first", get());
        assertEquals("no-store", again.client.header("Cache-Control"));
        assertNull(again.client.header("Relais-Cache-Control"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max-age=60, &&&&", // no dictionary
                "MaX-aGe=60", // a key in capitals is none
                "",
                "max-age=60,",
                "max-age =60",
                "max-age= 60"
            })
    void aTargetedFieldThatIsNoDictionaryIsIgnored(String value) {
        isNotKept("no-store", "Relais-Cache-Control: " + value, "Cache-Control: no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-age=\"60\"", "max-age=?1", "max-age=60.5", "max-age", "max-age=-1", "max-age=0"})
    void aTargetedLifetimeOfTheWrongTypeIsNone(String value) {
        isNotKept("never-fresh", "Relais-Cache-Control: " + value, MAX_AGE);
    }

    @Test
    void parametersAndUnknownDirectivesOfATargetedFieldAreIgnored() {
        isKept("Relais-Cache-Control: max-age=60;x=1, foo, bar=(1 2);q, b=:YQ==:", "Expires: 0");
    }

    @Test
    void otherTargetsPassThroughAndAreObeyedOnlyIfTheyAreNamed() {
        Caller first = miss("first", "CDN-Cache-Control: max-age=60");
        assertTrue(status(first).endsWith("not-asked"), status(first));
        assertEquals("max-age=60", first.client.header("CDN-Cache-Control"));
    }

    @Test
    void aNamedTargetTakesPrecedenceOverCacheControl() {
        config.put("relais.cache.targets", "CDN-Cache-Control");
        miss("first", "CDN-Cache-Control: max-age=600", MAX_AGE);
        seconds(599);
        assertEquals("max-age=600", hit("first", get()).client.header("CDN-Cache-Control"));
        seconds(1);
        isNotKept("private", "CDN-Cache-Control: private", MAX_AGE, "Expires: " + date(9999));
    }

    @Test
    void thePageOfAnotherCacheInFrontOfPhpIsKeptInCacheStatus() {
        Caller first = miss("first", MAX_AGE, "Cache-Status: Origin; hit");
        assertEquals(2, first.client.response.headers().getAll("Cache-Status").size());
        assertEquals(
                "Relais; fwd=uri-miss; stored; ttl=60",
                first.client.response.headers().getAll("Cache-Status").get(1));
    }

    @Test
    void answersCanBeToldNothingOfTheCache() {
        config.put("relais.cache.status", "false");
        assertNull(miss("first", MAX_AGE).client.header("Cache-Status"));
        Caller again = get();
        noneIsCalled();
        assertNull(again.client.header("Cache-Status"));
        assertEquals("0", age(again));
    }

    @Test
    void aTagPurgesAnswersAndDoesNotReachClients() {
        Caller first = miss("first", MAX_AGE, "Cache-Tag: a, b", "Surrogate-Key: c d");
        assertNull(first.client.header("Cache-Tag"));
        assertNull(first.client.header("Surrogate-Key"));
        hit("first", get());
        for (String tag : List.of("b", "d")) {
            assertEquals(0, cache().purge(null, null, "x", false));
            assertEquals(1, cache().purge(null, null, tag, false));
            asked(get(), "again", MAX_AGE, "Cache-Tag: a, b", "Surrogate-Key: c d");
        }
    }

    @Test
    void aSoftPurgeMakesItStale() {
        miss("first", "Cache-Control: max-age=60, stale-if-error=30", "Cache-Tag: a", "ETag: \"1\"");
        assertEquals(1, cache().purge("scripted", null, "a", true));
        Caller stale = get();
        php("oops", "Status: 500 Failed");
        assertEquals("first", stale.client.body());
        Caller valid = get();
        php("", "Status: 304 Same", "ETag: \"1\"", MAX_AGE);
        assertEquals("first", valid.client.body());
        hit("first", get());
    }

    @Test
    void aPurgeByPathRemovesWhatLiesThereAndBelow() {
        for (String behind : List.of("", "/a", "/a/b?x=1", "/ab")) {
            asked(ask(HttpMethod.GET, behind), behind, MAX_AGE);
        }
        assertEquals(2, cache().purge("scripted", "/api/scripted/a", null, false));
        hit("/ab", ask(HttpMethod.GET, "/ab"));
        hit("", get());
        asked(ask(HttpMethod.GET, "/a"), "new");
        assertEquals(2, cache().purge("scripted", null, null, false));
    }

    @Test
    void phpPurgesItsOwnAnswersByTag() {
        miss("first", MAX_AGE, "Cache-Tag: a");
        Caller post = ask(HttpMethod.POST, "/other");
        asked(post, "done", "X-Relais-Purge: b, a");
        assertNull(post.client.header("X-Relais-Purge"));
        asked(get(), "second", MAX_AGE);
    }

    @Test
    void anAnswerThatBeganBeforeAPurgeIsNotKept() {
        Caller first = get();
        EmbeddedChild child = called();
        cache().purge(null, null, "a", false);
        sends(child, Wire.stdout(MAX_AGE + "\r\nCache-Tag: a\r\n\r\nfirst"), Wire.end(0, 0));
        assertEquals("first", first.client.body());
        asked(get(), "second");
    }

    @Test
    void declaredTimesForStaleAnswersApplyWhenTheAnswerSaysNothing() {
        settings = settings.toBuilder()
                .cache(new CacheSettings(false, 60_000, -1, 10_000, 30_000, 0, null, false, List.of(), null, null))
                .build();
        miss("first");
        seconds(65);
        assertTrue(status(get()).endsWith("stale-while-revalidate"));
        php("oops", "Status: 500 Failed");
        seconds(10);
        Caller stale = get();
        php("oops", "Status: 500 Failed");
        assertEquals("first", stale.client.body());
    }
}
