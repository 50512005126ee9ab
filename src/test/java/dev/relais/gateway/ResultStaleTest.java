package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.EmbeddedChild;
import dev.relais.fastcgi.Wire;
import dev.relais.functions.CacheSettings;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a stale answer is given: while PHP makes another, when it fails, and when there is no child (RFC 5861). */
class ResultStaleTest extends ResultFixture {
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
