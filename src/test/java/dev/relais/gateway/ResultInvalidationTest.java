package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.relais.fastcgi.EmbeddedChild;
import dev.relais.fastcgi.Wire;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes kept answers outdated: unsafe methods (RFC 9111 section 4.4), and purges by tag, path and PHP. */
class ResultInvalidationTest extends ResultFixture {
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
}
