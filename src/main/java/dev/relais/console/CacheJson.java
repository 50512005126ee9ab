package dev.relais.console;

import dev.relais.cache.CacheCounts;
import dev.relais.cache.CacheCounts.Outcome;
import dev.relais.cache.NotStored;
import dev.relais.cache.Region;
import dev.relais.cache.ResultCache;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** The state of the result cache as JSON. Users' scripts read its keys, so keys may be added but never renamed. */
final class CacheJson {
    private CacheJson() {}

    static JsonObject of(ResultCache cache) {
        Map<String, Region> sorted = new TreeMap<>();
        for (Region region : cache.regions()) {
            sorted.put(region.function(), region);
        }
        JsonObject functions = new JsonObject();
        sorted.forEach((name, region) -> functions.put(name, of(region)));
        return new JsonObject()
                .put("enabled", cache.isEnabled())
                .put("bytes", cache.usedBytes())
                .put("capacity", cache.sizeBytes())
                .put("underWay", cache.flights())
                .put("functions", functions);
    }

    private static JsonObject of(Region region) {
        CacheCounts counts = region.counts();
        JsonObject outcomes = new JsonObject();
        long all = 0;
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome.word(), counts.of(outcome));
            all += counts.of(outcome);
        }
        JsonObject stale = new JsonObject();
        for (CacheCounts.Stale reason : CacheCounts.Stale.values()) {
            stale.put(reason.word(), counts.of(reason));
        }
        JsonObject notStored = new JsonObject();
        for (NotStored reason : NotStored.values()) {
            if (counts.of(reason) > 0) {
                notStored.put(reason.word(), counts.of(reason));
            }
        }
        long withoutRun = counts.of(Outcome.HIT) + counts.of(Outcome.STALE) + counts.of(Outcome.COLLAPSED);
        return new JsonObject()
                .put("resources", region.entries())
                .put("bytes", region.bytes())
                .put("capacity", region.most())
                .put("requests", outcomes)
                .put("hitRatio", all == 0 ? 0.0 : (double) withoutRun / all)
                .put("savedSeconds", counts.savedSeconds())
                .put("stored", counts.storedAnswers())
                .put("evicted", counts.evictedAnswers())
                .put("stale", stale)
                .put("notStored", notStored);
    }
}
