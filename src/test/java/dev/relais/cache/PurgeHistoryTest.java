package dev.relais.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.cache.PurgeHistory.Purged;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which answers are refused for what was purged after PHP was asked for them. */
class PurgeHistoryTest {
    private static final String PRIMARY = "version\nhttp://localhost/api/shop/item/7?a=1";
    private static final List<String> TAGS = List.of(Tags.own("shop", "x"));

    private final PurgeHistory history = new PurgeHistory();

    @BeforeEach
    void begin() {
        history.begin(at(10));
    }

    private static SharedMoment at(long millis) {
        return new SharedMoment(millis, 0);
    }

    private Purged of(long moment) {
        return history.of(at(moment), "shop", PRIMARY, TAGS);
    }

    private static PurgeScope hard(String function, String path, String tag) {
        return new PurgeScope(function, path, tag, false, 1);
    }

    private void counts(PurgeScope scope) {
        history.add(at(20), scope);
        assertEquals(true, of(19).gone());
        assertNull(of(20), "it was asked for afterwards");
        begin();
    }

    private void doesNotCount(PurgeScope scope) {
        history.add(at(20), scope);
        assertNull(of(19));
        begin();
    }

    @Test
    void aPurgeCountsForWhatItIsAboutAndWasAskedForBefore() {
        counts(hard(null, null, null));
        counts(hard("shop", null, null));
        counts(hard(null, null, "x"));
        counts(hard("shop", null, "x"));
        counts(hard("shop", "/api/shop", null));
        counts(hard("shop", "/api/shop/item/7", null));
        counts(hard(null, "/api/shop/item/", "x"));
        doesNotCount(hard("other", null, null));
        doesNotCount(hard("shop", null, "y"));
        doesNotCount(hard("other", null, "x"));
        doesNotCount(hard("shop", "/api/shop/it", null));
        doesNotCount(hard("shop", "/api/shop/item/7", "y"));
    }

    @Test
    void nothingCountsThatIsOlderThanTheJournal() {
        assertEquals(true, of(9).gone());
        assertNull(of(10));
        history.lose();
        assertEquals(true, of(100).gone());
    }

    @Test
    void aSoftPurgeMakesItStaleAndAHardOneTakesPrecedence() {
        history.add(at(20), new PurgeScope("shop", null, null, true, 777));
        assertEquals(new Purged(false, 777), of(19));
        history.add(at(30), hard(null, null, "x"));
        assertTrue(of(19).gone());
        assertTrue(of(29).gone());
        assertNull(of(30));
    }

    @Test
    void anOlderPurgeThatComesLaterDoesNotTakeANewerOneBack() {
        history.add(at(30), hard("shop", null, null));
        history.add(at(20), hard("shop", null, null));
        assertTrue(of(25).gone());
    }

    @Test
    void aPurgeThatIsNotYetToldCountsForEverything() {
        PurgeScope scope = hard("shop", null, "x");
        history.expect(scope);
        assertTrue(of(1_000).gone());
        assertNull(history.of(at(1_000), "other", PRIMARY, TAGS));
        history.told(at(2_000), scope, 1);
        assertTrue(of(1_000).gone());
        assertNull(of(2_000));
    }

    @Test
    void manyPurgesThatAreNotToldCountForAllFunctionsUntilTheyAre() {
        for (int i = 0; i < 1_000; i++) {
            history.expect(hard("shop", null, "t" + i));
        }
        assertNotNull(history.of(at(1_000), "other", PRIMARY, List.of()));
        history.told(at(20), PurgeScope.everything(0), 999);
        assertNotNull(history.of(at(1_000), "other", PRIMARY, List.of()));
        history.told(at(21), hard("shop", null, "t999"), 1);
        assertNull(history.of(at(1_000), "other", PRIMARY, List.of()));
        assertTrue(of(19).gone());
    }

    @Test
    void manyPathsAreRememberedAsTheirFunctions() {
        for (int i = 0; i < 1_000; i++) {
            history.add(at(20 + i), hard("shop", "/api/shop/" + i, null));
        }
        assertTrue(of(19).gone());
        assertNull(of(2_000));
        assertNull(history.of(at(19), "other", PRIMARY, TAGS));
    }
}
