package dev.relais.redis;

import dev.relais.cache.SharedCounts;
import dev.relais.telemetry.SharedCacheMeters;

/** The meters of the shared level. */
final class LevelMeters {
    private LevelMeters() {}

    static void bind(SharedCacheMeters meters, RedisLevel level, SharedCounts counts, RedisBreaker breaker) {
        for (SharedCounts.LookUp outcome : SharedCounts.LookUp.values()) {
            meters.lookUps(outcome.word(), counts, of -> of.of(outcome));
        }
        for (SharedCounts.Store outcome : SharedCounts.Store.values()) {
            meters.stores(outcome.word(), counts, of -> of.of(outcome));
        }
        meters.bytes("read", counts, SharedCounts::bytesRead);
        meters.bytes("written", counts, SharedCounts::bytesWritten);
        meters.purges("told", counts, SharedCounts::purgesTold);
        meters.purges("heard", counts, SharedCounts::purgesHeard);
        meters.losses(counts, SharedCounts::losses);
        meters.breaker(breaker, RedisBreaker::number);
        meters.connected(level, of -> of.isConnected() ? 1 : 0);
        meters.untold(level, RedisLevel::untold);
    }
}
