package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The targeted fields (RFC 9213), and what answers say in Cache-Status (RFC 9211). */
class ResultTargetTest extends ResultFixture {
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
}
