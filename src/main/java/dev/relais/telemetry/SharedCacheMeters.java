package dev.relais.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** What the second level of the result cache has done, read from its own counts. They are there only if there is one. Any thread. */
@Singleton
public class SharedCacheMeters {
    private final ObservedMeters meters;

    @Inject
    SharedCacheMeters(MeterRegistry registry) {
        this.meters = new ObservedMeters(registry);
    }

    /** @param count look-ups with this outcome */
    public <T> void lookUps(String outcome, T counts, ToDoubleFunction<T> count) {
        meters.counter(
                "relais.cache.redis.lookups",
                "Look-ups of answers in Redis by how they came out",
                null,
                counts,
                count,
                "outcome",
                outcome);
    }

    /** @param count answers with this outcome */
    public <T> void stores(String outcome, T counts, ToDoubleFunction<T> count) {
        meters.counter(
                "relais.cache.redis.stores",
                "Answers for Redis by what became of them",
                null,
                counts,
                count,
                "outcome",
                outcome);
    }

    /** @param bytes of answers that went this way */
    public <T> void bytes(String direction, T counts, ToDoubleFunction<T> bytes) {
        meters.counter(
                "relais.cache.redis.data",
                "Bytes of answers that were read from Redis and written to it",
                "bytes",
                counts,
                bytes,
                "direction",
                direction);
    }

    /** @param count purges that went this way */
    public <T> void purges(String direction, T counts, ToDoubleFunction<T> count) {
        meters.counter(
                "relais.cache.redis.purges",
                "Purges that were told to other gateways and heard from them",
                null,
                counts,
                count,
                "direction",
                direction);
    }

    /** @param count how often everything was forgotten */
    public <T> void losses(T counts, ToDoubleFunction<T> count) {
        meters.counter(
                "relais.cache.redis.losses",
                "How often all kept answers were forgotten, since purges of other gateways may have been missed",
                null,
                counts,
                count);
    }

    /** @param number 0 closed, 1 half-open, 2 open */
    public <T> void breaker(T breaker, ToDoubleFunction<T> number) {
        meters.gauge(
                "relais.cache.redis.breaker",
                "Whether look-ups go to Redis: 0 yes, 1 one to try, 2 no",
                null,
                breaker,
                number);
    }

    /** @param number 1 when it is connected */
    public <T> void connected(T level, ToDoubleFunction<T> number) {
        meters.gauge("relais.cache.redis.connected", "Whether Redis is connected", null, level, number);
    }

    /** @param count purges and outdated resources that Redis has not taken yet */
    public <T> void untold(T level, ToDoubleFunction<T> count) {
        meters.gauge(
                "relais.cache.redis.untold",
                "Purges and outdated resources that Redis has not taken yet",
                null,
                level,
                count);
    }
}
