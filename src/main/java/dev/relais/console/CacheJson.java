package dev.relais.console;

import dev.relais.cache.CacheCounts;
import dev.relais.cache.CacheCounts.Outcome;
import dev.relais.cache.NotStored;
import dev.relais.cache.Region;
import dev.relais.cache.ResultCache;
import dev.relais.cache.SharedCounts;
import dev.relais.cache.SharedStatus;
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
        JsonObject json = new JsonObject()
                .put("enabled", cache.isEnabled())
                .put("bytes", cache.usedBytes())
                .put("capacity", cache.sizeBytes())
                .put("underWay", cache.flights())
                .put("functions", functions);
        SharedStatus shared = cache.shared().status();
        return shared == null
                ? json
                : json.put("redis", of(shared, cache.shared().counts()));
    }

    private static JsonObject of(SharedStatus status, SharedCounts counts) {
        JsonObject lookUps = new JsonObject();
        for (SharedCounts.LookUp outcome : SharedCounts.LookUp.values()) {
            lookUps.put(outcome.word(), counts.of(outcome));
        }
        JsonObject stores = new JsonObject();
        for (SharedCounts.Store outcome : SharedCounts.Store.values()) {
            stores.put(outcome.word(), counts.of(outcome));
        }
        return new JsonObject()
                .put("address", status.address())
                .put("state", status.state())
                .put("breaker", status.breaker())
                .put("problem", status.problem())
                .put("inSyncMillis", status.inSyncMillis())
                .put("untoldPurges", status.untoldPurges())
                .put("lookups", lookUps)
                .put("stores", stores)
                .put("bytesRead", counts.bytesRead())
                .put("bytesWritten", counts.bytesWritten())
                .put("purgesTold", counts.purgesTold())
                .put("purgesHeard", counts.purgesHeard())
                .put("losses", counts.losses());
    }

    /** What the status says of it: all functions together. */
    static JsonObject summary(ResultCache cache) {
        long all = 0;
        long withoutRun = 0;
        double saved = 0;
        for (Region region : cache.regions()) {
            all += all(region.counts());
            withoutRun += withoutRun(region.counts());
            saved += region.counts().savedSeconds();
        }
        return new JsonObject()
                .put("enabled", cache.isEnabled())
                .put("bytes", cache.usedBytes())
                .put("capacity", cache.sizeBytes())
                .put("hitRatio", ratio(withoutRun, all))
                .put("savedSeconds", saved);
    }

    private static long all(CacheCounts counts) {
        long all = 0;
        for (Outcome outcome : Outcome.values()) {
            all += counts.of(outcome);
        }
        return all;
    }

    private static long withoutRun(CacheCounts counts) {
        return counts.of(Outcome.HIT) + counts.of(Outcome.STALE) + counts.of(Outcome.COLLAPSED);
    }

    /** The part of the requests that were answered without a run. */
    static double hitRatio(Region region) {
        return ratio(withoutRun(region.counts()), all(region.counts()));
    }

    private static double ratio(long withoutRun, long all) {
        return all == 0 ? 0 : (double) withoutRun / all;
    }

    private static JsonObject of(Region region) {
        CacheCounts counts = region.counts();
        JsonObject outcomes = new JsonObject();
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome.word(), counts.of(outcome));
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
        return new JsonObject()
                .put("resources", region.entries())
                .put("bytes", region.bytes())
                .put("capacity", region.most())
                .put("requests", outcomes)
                .put("hitRatio", hitRatio(region))
                .put("savedSeconds", counts.savedSeconds())
                .put("stored", counts.storedAnswers())
                .put("evicted", counts.evictedAnswers())
                .put("stale", stale)
                .put("notStored", notStored);
    }
}
