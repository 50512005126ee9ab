package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.EmbeddedChild;
import dev.relais.fastcgi.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a kept answer is given, and to whom: its age, what the request wants, and Vary (RFC 9111 sections 4 and 5). */
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
}
