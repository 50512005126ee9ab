package dev.relais.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** What the second level of the result cache has done, read from its own counts. They are there only if there is one. Any thread. */
@Singleton
public class SharedCacheMeters {
    private final MeterRegistry registry;

    @Inject
    SharedCacheMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param count look-ups with this outcome */
    public <T> void lookUps(String outcome, T counts, ToDoubleFunction<T> count) {
        FunctionCounter.builder("relais.cache.redis.lookups", counts, count)
                .description("Look-ups of answers in Redis by how they came out")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** @param count answers with this outcome */
    public <T> void stores(String outcome, T counts, ToDoubleFunction<T> count) {
        FunctionCounter.builder("relais.cache.redis.stores", counts, count)
                .description("Answers for Redis by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** @param bytes of answers that went this way */
    public <T> void bytes(String direction, T counts, ToDoubleFunction<T> bytes) {
        FunctionCounter.builder("relais.cache.redis.data", counts, bytes)
                .description("Bytes of answers that were read from Redis and written to it")
                .baseUnit("bytes")
                .tag("direction", direction)
                .register(registry);
    }

    /** @param count purges that went this way */
    public <T> void purges(String direction, T counts, ToDoubleFunction<T> count) {
        FunctionCounter.builder("relais.cache.redis.purges", counts, count)
                .description("Purges that were told to other gateways and heard from them")
                .tag("direction", direction)
                .register(registry);
    }

    /** @param count how often everything was forgotten */
    public <T> void losses(T counts, ToDoubleFunction<T> count) {
        FunctionCounter.builder("relais.cache.redis.losses", counts, count)
                .description(
                        "How often all kept answers were forgotten, since purges of other gateways may have been missed")
                .register(registry);
    }

    /** @param number 0 closed, 1 half-open, 2 open */
    public <T> void breaker(T breaker, ToDoubleFunction<T> number) {
        Gauge.builder("relais.cache.redis.breaker", breaker, number)
                .description("Whether look-ups go to Redis: 0 yes, 1 one to try, 2 no")
                .register(registry);
    }

    /** @param number 1 when it is connected */
    public <T> void connected(T level, ToDoubleFunction<T> number) {
        Gauge.builder("relais.cache.redis.connected", level, number)
                .description("Whether Redis is connected")
                .register(registry);
    }

    /** @param count purges and outdated resources that Redis has not taken yet */
    public <T> void untold(T level, ToDoubleFunction<T> count) {
        Gauge.builder("relais.cache.redis.untold", level, count)
                .description("Purges and outdated resources that Redis has not taken yet")
                .register(registry);
    }
}
