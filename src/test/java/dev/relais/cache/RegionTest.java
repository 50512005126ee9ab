package dev.relais.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** The bounds of the memory, and who stays in it. */
class RegionTest {
    private static final MultiMap NO_FIELDS = MultiMap.caseInsensitiveMultiMap();

    private static Stored answer(String exact, int size, long moment, String... tags) {
        return new Stored(
                exact,
                List.of(),
                "",
                200,
                "OK",
                List.of("Date", "now"),
                null,
                Content.of(ByteBuffer.allocate(size), new OutsideHeap(null, 0)),
                new Freshness(60, 0, 0),
                new Stored.Rules(false, false, 0, 0, true, true),
                List.of(tags),
                0,
                moment,
                null,
                null);
    }

    private static boolean has(Region region, String primary) {
        return region.find(new ResultKey(primary, ""), NO_FIELDS) instanceof Region.Found.Answer;
    }

    private static void put(Regions regions, Region region, String primary, int size) {
        region.put(primary, answer("", size, regions.purges().now()));
        regions.settle(region);
    }

    @Test
    void whatIsTakenIsTheSumOfWhatIsThere() {
        Regions regions = new Regions(1_000_000, 1_000_000);
        Region region = regions.of("a");
        put(regions, region, "1", 10_000);
        long one = regions.used();
        assertTrue(one > 10_000 && one < 11_500, one + " bytes");
        put(regions, region, "1", 20_000); // in its place
        assertTrue(regions.used() > 20_000 && regions.used() < 21_500);
        region.put("1", answer("other", 10_000, 0));
        assertTrue(regions.used() > 30_000 && regions.used() < 33_000);
        assertEquals(regions.used(), region.bytes());
        region.invalidate("1");
        assertEquals(0, regions.used());
    }

    @Test
    void aFunctionTakesNoMoreThanItsShare() {
        Regions regions = new Regions(1_000_000, 500_000);
        Region region = regions.of("a");
        for (int i = 0; i < 1000; i++) {
            put(regions, region, Integer.toString(i), 5_000);
            assertTrue(region.bytes() <= 500_000);
        }
        assertTrue(regions.used() > 400_000, regions.used() + " bytes");
        assertTrue(region.counts().evictedAnswers() > 800);
    }

    @Test
    void allFunctionsTakeNoMoreThanThereIsAndASmallOneKeepsItsOwn() {
        Regions regions = new Regions(1_000_000, 800_000);
        Region small = regions.of("small");
        for (int i = 0; i < 10; i++) {
            put(regions, small, Integer.toString(i), 1_000);
        }
        for (int i = 0; i < 2_000; i++) {
            for (String name : List.of("a", "b", "c")) {
                put(regions, regions.of(name), Integer.toString(i), 1_000);
            }
            assertTrue(regions.used() <= 1_010_000, regions.used() + " bytes");
        }
        for (int i = 0; i < 10; i++) {
            assertTrue(has(small, Integer.toString(i)), i + " is gone");
        }
    }

    @Test
    void aFunctionGrowsAgainWhenAnotherOneIsGone() {
        Regions regions = new Regions(1_000_000, 900_000);
        for (int i = 0; i < 1_000; i++) {
            put(regions, regions.of("a"), Integer.toString(i), 1_000);
            put(regions, regions.of("b"), Integer.toString(i), 1_000);
        }
        assertTrue(regions.of("b").bytes() < 600_000);
        regions.remove("a");
        for (int i = 0; i < 1_000; i++) {
            put(regions, regions.of("b"), Integer.toString(i), 1_000);
        }
        assertTrue(regions.of("b").bytes() > 800_000, regions.of("b").bytes() + " bytes");
    }

    @Test
    void aResourceKeepsItsNewestVariants() {
        Regions regions = new Regions(10_000_000, 10_000_000);
        Region region = regions.of("a");
        for (int i = 0; i < 2 * Resource.MOST_ANSWERS; i++) {
            region.put("1", answer("host " + i, 10, 0));
        }
        int kept = 0;
        for (int i = 0; i < 2 * Resource.MOST_ANSWERS; i++) {
            boolean found = region.find(new ResultKey("1", "host " + i), NO_FIELDS) instanceof Region.Found.Answer;
            assertEquals(i >= Resource.MOST_ANSWERS, found, "" + i);
            kept += found ? 1 : 0;
        }
        assertEquals(Resource.MOST_ANSWERS, kept);
        assertInstanceOf(Region.Found.Others.class, region.find(new ResultKey("1", "host x"), NO_FIELDS));
    }

    /** The hot resources are asked for all the time, and a million others once each: W-TinyLFU beside LRU. */
    @Test
    void aScanOfAMillionKeysDoesNotDriveOutWhatIsHot(TestReporter reporter) {
        int hot = 500;
        int room = 1_000;
        Regions regions = new Regions(room * 700L, room * 700L);
        Region region = regions.of("a");
        Map<Integer, Boolean> lru = new LinkedHashMap<>(16, 0.75f, true);
        Random random = new Random(1);
        long hits = 0;
        long lruHits = 0;
        long asked = 0;
        for (int i = 0; i < 1_000_000; i++) {
            String cold = "c" + i;
            if (!has(region, cold)) {
                put(regions, region, cold, 0);
            }
            touch(lru, -i - 1, room);
            if (i % 4 == 0) {
                int key = random.nextInt(hot);
                asked++;
                if (has(region, "h" + key)) {
                    hits++;
                } else {
                    put(regions, region, "h" + key, 0);
                }
                lruHits += touch(lru, key, room) ? 1 : 0;
            }
        }
        double ratio = (double) hits / asked;
        double ofLru = (double) lruHits / asked;
        reporter.publishEntry("hit ratio", ratio + ", of an LRU " + ofLru);
        assertTrue(ratio > 0.9 && ratio > 1.5 * ofLru, "hit ratio " + ratio + ", of an LRU " + ofLru);
    }

    private static boolean touch(Map<Integer, Boolean> lru, int key, int room) {
        if (lru.get(key) != null) {
            return true;
        }
        lru.put(key, true);
        if (lru.size() > room) {
            lru.remove(lru.keySet().iterator().next());
        }
        return false;
    }

    @Test
    void aTagPurgesAtOnceHoweverManyAnswersHaveIt() {
        Regions regions = new Regions(1_000_000, 1_000_000);
        Region region = regions.of("a");
        region.put("1", answer("", 0, regions.purges().now(), "x", "y"));
        region.put("2", answer("", 0, regions.purges().now(), "y"));
        regions.purges().purge("x", false, 0);
        assertTrue(!has(region, "1") && has(region, "2"));
        region.put("1", answer("", 0, regions.purges().now(), "x"));
        assertTrue(has(region, "1"), "one that was made after the purge is gone");
        List<String> tags = new ArrayList<>(List.of("x"));
        assertTrue(!region.isCurrent("3", tags, 0));
        assertTrue(region.isCurrent("3", tags, regions.purges().now()));
    }
}
