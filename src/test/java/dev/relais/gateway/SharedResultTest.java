package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.cache.PurgeScope;
import dev.relais.cache.SharedCounts.LookUp;
import dev.relais.cache.SharedLevel.Read;
import dev.relais.cache.SharedLevel.Write;
import dev.relais.fastcgi.EmbeddedChild;
import dev.relais.fastcgi.Wire;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that several gateways share: the test is the shared level, too. */
class SharedResultTest extends ResultFixture {
    private final ScriptedLevel shared = new ScriptedLevel();

    @BeforeEach
    void share() {
        level = shared;
        cache();
    }

    /** PHP makes an answer, which is shared; this gateway then forgets it, as if another one had made it. */
    private void isShared(String body, String... fields) {
        Caller caller = get();
        shared.answers();
        php(body, fields);
        assertEquals(body, caller.client.body());
        forget();
    }

    private void forget() {
        cache().forget("scripted");
    }

    private Caller loaded(String body, Caller caller) {
        noneIsCalled();
        shared.answers();
        return hit(body, caller);
    }

    @Test
    void whatAnotherGatewayHasMadeIsGivenWithoutPhp() {
        isShared("first", MAX_AGE, "X-Own: 1");
        seconds(10);
        Caller caller = loaded("first", get());
        assertEquals("Relais; hit; ttl=50; detail=redis", status(caller));
        assertEquals("10", age(caller));
        assertEquals("1", caller.client.header("X-Own"));
        assertEquals(1, shared.counts.of(LookUp.HIT));
        int asked = shared.asked;
        assertEquals("Relais; hit; ttl=50", status(hit("first", get())));
        assertEquals(asked, shared.asked, "it is kept here, too");
    }

    @Test
    void aThousandSimultaneousMissesLookUpOnce() {
        isShared("first", MAX_AGE);
        int asked = shared.asked;
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            callers.add(get());
        }
        assertEquals(asked + 1, shared.asked);
        shared.answers();
        for (Caller caller : callers) {
            assertEquals("Relais; hit; ttl=60; detail=redis", status(hit("first", caller)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TIMEOUT", "ERROR", "FOREIGN"})
    void whenTheLookUpFailsPhpIsAsked(Read outcome) {
        isShared("first", MAX_AGE);
        shared.outcome = outcome;
        Caller caller = get();
        noneIsCalled();
        shared.answers();
        asked(caller, "second", MAX_AGE);
        String detail = outcome == Read.FOREIGN
                ? ""
                : "; detail=redis-" + outcome.name().toLowerCase(java.util.Locale.ROOT);
        assertEquals("Relais; fwd=uri-miss; stored; ttl=60" + detail, status(caller));
    }

    @Test
    void allWhoWaitAreLetGoTogetherWhenTheLookUpFindsNothing() {
        Caller first = get();
        Caller second = get();
        shared.answers();
        EmbeddedChild child = called();
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\nonce"), Wire.end(0, 0));
        assertEquals("once", first.client.body());
        assertEquals("once", second.client.body());
        assertTrue(status(second).contains("collapsed"), status(second));
    }

    @Test
    void whoHangsUpWhileItIsLookedUpLeavesTheOthersTheirAnswer() {
        isShared("first", MAX_AGE);
        Caller gone = get();
        gone.hangsUp();
        shared.answers();
        hit("first", get());
    }

    @Test
    void answersThatVaryAreSharedEachForItself() {
        Caller one = get("X-Language: de");
        shared.answers();
        asked(one, "eins", MAX_AGE, "Vary: X-Language");
        Caller two = get("X-Language: en");
        shared.answers();
        asked(two, "one", MAX_AGE, "Vary: X-Language");
        forget();
        loaded("eins", get("X-Language: de"));
        loaded("one", get("X-Language: en"));
        Caller third = get("X-Language: fr");
        shared.answers();
        asked(third, "un", MAX_AGE, "Vary: X-Language");
    }

    @Test
    void aCodingThatOneHasMadeIsSharedAsWell() {
        heads = null; // that compress
        String body = "kept ".repeat(200);
        Caller caller = get();
        shared.answers();
        php(body, MAX_AGE, "Content-Type: text/html");
        assertEquals(body, caller.client.body());
        int written = shared.written;
        Caller coded = get("Accept-Encoding: gzip");
        assertEquals("gzip", coded.client.header("Content-Encoding"));
        assertEquals(written + 1, shared.written);
        forget();
        Caller again = get("Accept-Encoding: gzip");
        shared.answers();
        assertEquals(coded.client.body(), again.client.body());
        assertEquals(written + 1, shared.written, "it was not coded again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"everything", "function", "path", "tag", "all tags"})
    void whatAnotherGatewayHasPurgedIsNotTakenFromThere(String what) {
        isShared("first", MAX_AGE, "Cache-Tag: a, b");
        shared.record(
                switch (what) {
                    case "everything" -> new PurgeScope(null, null, null, false, 0);
                    case "function" -> new PurgeScope("scripted", null, null, false, 0);
                    case "path" -> new PurgeScope("scripted", "/api/scripted", null, false, 0);
                    case "tag" -> new PurgeScope("scripted", null, "b", false, 0);
                    default -> new PurgeScope(null, null, "a", false, 0);
                });
        Caller caller = get();
        shared.answers();
        asked(caller, "second", MAX_AGE);
        forget();
        loaded("second", get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "tag", "path"})
    void whatAPurgeIsNotAboutIsTaken(String what) {
        isShared("first", MAX_AGE, "Cache-Tag: a");
        shared.record(
                switch (what) {
                    case "other" -> new PurgeScope("other", null, null, false, 0);
                    case "tag" -> new PurgeScope("scripted", null, "b", false, 0);
                    default -> new PurgeScope("scripted", "/api/scripted/below", null, false, 0);
                });
        loaded("first", get());
    }

    @Test
    void whatAnotherGatewayHasPurgedIsGoneHereAsWell() {
        Caller caller = get();
        shared.answers();
        asked(caller, "first", MAX_AGE, "Cache-Tag: a");
        shared.record(new PurgeScope("scripted", null, "a", false, 0));
        Caller next = get();
        shared.answers();
        asked(next, "second", MAX_AGE);
    }

    @Test
    void aSoftPurgeOfAnotherGatewayMakesItStale() {
        isShared("first", MAX_AGE, "ETag: \"1\"");
        shared.record(new PurgeScope(null, null, null, true, BEGIN * 1000));
        Caller caller = get();
        shared.answers();
        EmbeddedChild child = called();
        assertTrue(request.contains("HTTP_IF_NONE_MATCH\"1\""), request);
        sends(child, Wire.stdout("Status: 304\r\n" + MAX_AGE + "\r\n\r\n"), Wire.end(0, 0));
        assertEquals("first", caller.client.body());
        forget();
        loaded("first", get());
    }

    /** From the moment of the purge on, though Redis does not know of it yet. */
    @Test
    void aPurgeOfItsOwnCountsBeforeItIsTold() {
        isShared("first", MAX_AGE, "Cache-Tag: a");
        cache().tellPurge(null, null, "a", false);
        cache().purge(null, null, "a", false);
        Caller caller = get();
        shared.answers();
        asked(caller, "second", MAX_AGE, "Cache-Tag: a");
        shared.record(shared.purges.get(0));
        forget();
        Caller made = get();
        shared.answers(); // what was made before the purge was told is not used
        asked(made, "third", MAX_AGE);
        forget();
        loaded("third", get());
    }

    @Test
    void whatPhpPurgesIsToldToTheOthers() {
        isShared("first", MAX_AGE, "Cache-Tag: a");
        asked(ask(HttpMethod.POST, "/b"), "done", "X-Relais-Purge: a");
        assertEquals("a", shared.purges.get(0).tag());
        assertEquals("scripted", shared.purges.get(0).function());
        Caller caller = get();
        shared.answers();
        asked(caller, "second", MAX_AGE);
    }

    @Test
    void anUnsafeRequestRemovesTheSharedAnswer() {
        isShared("first", MAX_AGE);
        asked(ask(HttpMethod.POST, ""), "done");
        assertEquals(List.of("scripted"), shared.outdated);
        Caller caller = get();
        shared.answers();
        asked(caller, "second", MAX_AGE);
    }

    @Test
    void whatMayHaveBeenPurgedElsewhereIsNotGiven() {
        Caller caller = get();
        shared.answers();
        asked(caller, "first", MAX_AGE);
        shared.distrusts = true;
        Caller next = get();
        shared.answers();
        next.client.isEnded();
        shared.distrusts = false;
        hit("first", get());
    }

    @Test
    void purgesThatMayHaveBeenMissedRemoveEverything() {
        Caller caller = get();
        shared.answers();
        asked(caller, "first", MAX_AGE);
        shared.entries.clear();
        shared.listener.missed();
        Caller next = get();
        shared.answers();
        asked(next, "second", MAX_AGE);
    }

    @Test
    void aBrokenEntryIsAMissAndCounted() {
        isShared("first", MAX_AGE);
        shared.entries.replaceAll((key, entry) -> {
            byte[] broken = entry.entry().clone();
            broken[broken.length - 1] ^= 1;
            return new Write(entry.resource(), key, broken, entry.token(), false, 1);
        });
        Caller caller = get();
        shared.answers();
        asked(caller, "second", MAX_AGE);
        assertEquals(1, shared.counts.of(LookUp.BROKEN));
    }

    /** Somebody has copied it there. */
    @Test
    void anEntryForAnotherRequestIsNotGiven() {
        isShared("first", MAX_AGE, "Vary: X-Language");
        Write pointed = shared.entries.values().stream()
                .filter(entry -> new String(entry.entry()).contains("first"))
                .findFirst()
                .orElseThrow();
        shared.entries.replaceAll((key, entry) -> pointed);
        Caller caller = get("X-Language: de");
        shared.answers();
        asked(caller, "second", MAX_AGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cache-Control: no-cache",
                "Cache-Control: no-store",
                "If-Match: \"1\"",
                "Cache-Control: max-age=0"
            })
    void aRequestThatWantsPhpIsNotLookedUp(String field) {
        isShared("first", MAX_AGE);
        int asked = shared.asked;
        asked(get(field), "second", MAX_AGE);
        assertEquals(asked, shared.asked);
    }

    @Test
    void aFunctionThatDoesNotAskForItIsNotLookedUp() {
        doesNotAsk();
        asked(get(), "first");
        assertEquals(0, shared.asked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Cache-Control: no-cache\r\nETag: \"1\"", "Cache-Control: max-age=0\r\nETag: \"1\"", "X-None: 1"
            })
    void whatHasToBeValidatedEachTimeIsNotShared(String fields) {
        Caller caller = get();
        shared.answers();
        php("first", fields.split("\r\n"));
        assertEquals("first", caller.client.body());
        assertEquals(0, shared.written);
    }

    @Test
    void aBodyThatIsTooLargeIsNotShared() {
        Caller caller = get();
        shared.answers();
        php("x".repeat(10_001), MAX_AGE);
        assertFalse(caller.client.body().isEmpty());
        assertEquals(0, shared.written);
    }

    @Test
    void nothingIsSharedWhileTheJournalIsNotKnown() {
        shared.moment = null;
        Caller caller = get();
        shared.answers();
        asked(caller, "first", MAX_AGE);
        assertEquals(0, shared.written);
    }

    @Test
    void anEntryLivesAsLongAsItIsOfUse() {
        isShared("first", "Cache-Control: max-age=60, stale-while-revalidate=30, stale-if-error=100");
        assertEquals(160_000, shared.entries.values().iterator().next().ttlMillis());
    }
}
