package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.Wire;
import dev.relais.functions.CacheSettings;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers are kept (RFC 9111 section 3). */
class ResultStoringTest extends ResultFixture {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "max-age=60",
                "s-maxage=60",
                "public, max-age=60",
                "MaX-aGe=60",
                "max-age=\"60\"",
                "max-age=99999999999",
                "max-age=2147483648",
                "foobar, max-age=60",
                "must-revalidate, max-age=60",
                "max-age=0, s-maxage=60",
                "must-understand, max-age=60",
                "must-understand, no-store, max-age=60",
                "max-age=003600",
            })
    void anAnswerThatSaysHowLongItIsFreshIsKept(String control) {
        isKept("Cache-Control: " + control);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no-store, max-age=60        | no-store",
                "No-StOrE, max-age=60        | no-store",
                "private, max-age=60         | private",
                "max-age=0                   | never-fresh",
                "s-maxage=0, max-age=60      | never-fresh",
                "max-age=-60                 | never-fresh",
                "max-age='60'                | never-fresh",
                "max-age=60a                 | never-fresh",
                "max-age=a60                 | never-fresh",
                "max-age=60.5                | never-fresh",
                "max-age= 60                 | never-fresh",
                "max-age =60                 | never-fresh",
                "max-age                     | never-fresh",
                "no-cache, max-age=60        | never-fresh",
                "x=\"max-age=60\"            | not-asked",
                "x=\"no, max-age=60\"        | not-asked",
                "foobar                      | not-asked",
                "max-age=60, x=\"no-store    | malformed",
            })
    void anAnswerThatMayNotBeKeptIsNot(String control, String reason) {
        isNotKept(reason, "Cache-Control: " + control);
    }

    @Test
    void anAnswerThatSaysNothingIsNotKept() {
        isNotKept("not-asked", "ETag: \"1\"", "Last-Modified: " + date(-1000));
    }

    @Test
    void ofADirectiveThatIsThereTwiceTheFirstCounts() {
        isKept("Cache-Control: max-age=60, max-age=0");
    }

    @Test
    void directivesMayBeSpreadOverSeveralLines() {
        isNotKept("no-store", "Cache-Control: max-age=60", "Cache-Control: no-store");
    }

    @Test
    void expiresSaysHowLongItIsFresh() {
        isKept("Expires: " + date(60), "Date: " + date(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "Thu, 18 Aug 2050 02:01:18 UTC",
                "Thu, 18 Aug 50 02:01:18 GMT",
                "Thu 18 Aug 2050 02:01:18 GMT"
            })
    void anExpiresThatIsNoDateIsInThePast(String value) {
        isNotKept("never-fresh", "Expires: " + value);
    }

    @Test
    void maxAgeTakesPrecedenceOverExpires() {
        isKept(MAX_AGE, "Expires: " + date(-60), "Date: " + date(0));
    }

    @Test
    void anAgeBeyondTheLifetimeIsStaleFromTheStart() {
        isNotKept("never-fresh", MAX_AGE, "Age: 61");
    }

    @ParameterizedTest
    @ValueSource(ints = {203, 204, 299, 301, 302, 307, 308, 400, 404, 410, 499, 500, 503, 599})
    void anyFinalStatusIsKeptWhenItSaysHowLong(int status) {
        String body = status == 204 ? "" : "first";
        miss(body, "Status: " + status + " Some", MAX_AGE, "Location: /");
        assertEquals(status, hit(body, get()).client.status());
    }

    @Test
    void anUnknownStatusWithMustUnderstandIsNotKept() {
        isNotKept("status", "Status: 299 Some", "Cache-Control: must-understand, max-age=60");
    }

    @Test
    void aPartIsNotKept() {
        Caller first = get("Range: bytes=0-1");
        asked(first, "fi", "Status: 206 Partial", MAX_AGE, "Content-Range: bytes 0-1/5");
        assertTrue(status(first).endsWith("detail=partial"));
        asked(get(), "first");
    }

    @Test
    void anAnswerToARequestWithNoStoreIsNotKept() {
        asked(get("Cache-Control: no-store"), "first", MAX_AGE);
        asked(get(), "second");
    }

    @Test
    void varyByAStarIsNotKept() {
        for (String vary : List.of("*", "*, *", ", *", "Foo, *")) {
            isNotKept("vary-all", MAX_AGE, "Vary: " + vary);
        }
    }

    @Test
    void anAnswerToARequestWithCredentialsIsKeptOnlyIfItSaysSo() {
        asked(get("Authorization: Basic x"), "first", MAX_AGE);
        asked(get("Authorization: Basic x"), "second", "Cache-Control: max-age=60, must-revalidate");
        hit("second", get("Authorization: Basic x"));
        hit("second", get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"public, max-age=60", "s-maxage=60"})
    void publicAndSMaxAgeAllowItForCredentials(String control) {
        asked(get("Authorization: Basic x"), "first", "Cache-Control: " + control);
        hit("first", get("Authorization: Basic y"));
    }

    @Test
    void anAnswerForNobodySpecialIsNotGivenToARequestWithCredentials() {
        miss("first", MAX_AGE);
        asked(get("Authorization: Basic x"), "second");
    }

    @Test
    void aBareMaxAgeIsNeitherKeptForNorGivenToARequestWithCookies() {
        asked(get("Cookie: id=1"), "personal", MAX_AGE);
        Caller other = get();
        asked(other, "anonymous", MAX_AGE);
        Caller again = get("Cookie: id=2");
        asked(again, "personal 2", MAX_AGE);
        assertTrue(status(again).contains("fwd=bypass"), status(again));
        hit("anonymous", get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"public, max-age=60", "s-maxage=60"})
    void publicAndSMaxAgeSayThatCookiesMakeNoDifference(String control) {
        asked(get("Cookie: id=1"), "first", "Cache-Control: " + control);
        hit("first", get("Cookie: id=2"));
    }

    @Test
    void cookiesThatAreNamedAreAPartOfTheKey() {
        settings = settings.toBuilder()
                .cache(new CacheSettings(false, -1, -1, -1, -1, -1, null, false, List.of(), List.of("theme"), null))
                .build();
        asked(get("Cookie: id=1; theme=dark"), "dark", MAX_AGE);
        hit("dark", get("Cookie: theme=dark; id=2"));
        asked(get("Cookie: theme=light"), "light", MAX_AGE);
        asked(get(), "none", MAX_AGE);
        hit("light", get("Cookie: theme=light"));
    }

    @Test
    void anAnswerThatSetsACookieIsKeptOnlyIfItSaysThatItIsForOthers() {
        isNotKept("set-cookie", MAX_AGE, "Set-Cookie: id=1");
        isKept("Cache-Control: public, max-age=60", "Set-Cookie: id=1");
    }

    @Test
    void fieldsThatAnAnswerExceptsAreNotGivenAgain() {
        miss(
                "first",
                "Cache-Control: max-age=60, no-cache=\"set-cookie, A\", private=b",
                "Set-Cookie: id=1",
                "A: 1",
                "B: 2",
                "C: 3");
        Caller again = hit("first", get());
        assertNull(again.client.header("Set-Cookie"));
        assertNull(again.client.header("A"));
        assertNull(again.client.header("B"));
        assertEquals("3", again.client.header("C"));
    }

    @Test
    void fieldsOfTheConnectionAreNotGivenAgain() {
        miss(
                "first",
                MAX_AGE,
                "Connection: a",
                "a: 1",
                "Proxy-Authenticate: x",
                "Keep-Alive: 1",
                "Proxy-Authentication-Info: x",
                "c: 3");
        Caller again = hit("first", get());
        for (String gone :
                List.of("Connection", "a", "Proxy-Authenticate", "Keep-Alive", "Proxy-Authentication-Info")) {
            assertNull(again.client.header(gone), gone);
        }
        assertEquals("3", again.client.header("c"));
    }

    @Test
    void anAnswerThatIsShorterThanItSaysIsNotKept() {
        Caller first = get();
        php("short", MAX_AGE, "Content-Length: 10");
        assertEquals("short", first.client.body());
        asked(get(), "second");
    }

    @Test
    void theAnswerOfAScriptThatFailedAtItsEndIsNotKept() {
        get();
        sends(called(), Wire.stdout(MAX_AGE + "\r\n\r\nhalf"), Wire.end(255, 0));
        asked(get(), "second");
    }

    @Test
    void anAnswerThatIsTooLargeIsNotKept() {
        config.put("relais.cache.max-object-size", "7");
        Caller first = miss("too much", MAX_AGE, "Content-Length: 8");
        assertTrue(status(first).endsWith("detail=too-large"), status(first));
        asked(get(), "less", MAX_AGE);
        hit("less", get());
    }

    @Test
    void noLifetimeIsGuessedUntilThatIsWanted() {
        isNotKept("not-asked", "Last-Modified: " + date(-1000), "Date: " + date(0));
    }

    @Test
    void aLifetimeIsGuessedIfThatIsWanted() {
        config.put("relais.cache.heuristic", "true");
        miss("first", "Last-Modified: " + date(-1000), "Date: " + date(0));
        seconds(99);
        hit("first", get());
        seconds(1);
        asked(get(), "second");
    }

    @Test
    void theHeadOfAnAnswerIsKeptWithADate() {
        miss("first", MAX_AGE);
        seconds(10);
        assertEquals(date(0), hit("first", get()).client.header("Date"));
    }

    @Test
    void postIsNotAnsweredFromTheCache() {
        miss("first", MAX_AGE);
        Caller post = ask(HttpMethod.OPTIONS, "");
        asked(post, "second", MAX_AGE);
        assertTrue(status(post).contains("fwd=method"), status(post));
    }

    @Test
    void whatFunctionsYamlDeclaresAppliesToAnswersThatSayNothing() {
        settings = settings.toBuilder()
                .cache(new CacheSettings(false, 30_000, 5_000, -1, -1, -1, null, false, List.of(), null, null))
                .build();
        miss("first");
        seconds(29);
        hit("first", get());
        seconds(1);
        asked(get(), "second", "Cache-Control: no-store");
        asked(get(), "third", "Status: 404 None");
        seconds(4);
        hit("third", get());
        seconds(1);
        asked(get(), "fourth", "Status: 500 Failed");
        asked(get(), "fifth");
    }

    @Test
    void cacheOffKeepsNothing() {
        settings = settings.toBuilder().cache(CacheSettings.OFF).build();
        Caller first = miss("first", MAX_AGE);
        assertNull(first.client.header("Cache-Status"));
        asked(get(), "second", MAX_AGE);
    }

    @Test
    void anotherVersionOfTheCodeNeverAnswersFromTheResultsOfTheOldOne() {
        isKept(MAX_AGE);
        version = "2";
        asked(get(), "second", MAX_AGE);
        version = "1";
        hit("first", get());
    }

    @Test
    void anAnswerThatBeganBeforeTheCodeChangedIsNotKept() {
        Caller first = get();
        epoch++;
        asked(first, "first", MAX_AGE);
        asked(get(), "second");
    }

    @Test
    void nothingIsKeptWhileTheCodeIsNotKnown() {
        version = null;
        Caller first = get();
        asked(first, "first", MAX_AGE);
        assertTrue(status(first).contains("fwd=bypass"), status(first));
        asked(get(), "second");
    }
}
