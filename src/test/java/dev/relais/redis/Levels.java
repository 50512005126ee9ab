package dev.relais.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.cache.PurgeScope;
import dev.relais.cache.SharedLevel;
import dev.relais.cache.SharedMoment;
import dev.relais.testing.Patience;
import io.netty.channel.EventLoop;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Shared levels as several gateways have them, and what they are told. */
final class Levels implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final List<RedisLevel> started = new ArrayList<>();

    /** Notes what it is told. */
    static final class Heard implements SharedLevel.Listener {
        final List<PurgeScope> purged = new CopyOnWriteArrayList<>();
        final List<String> outdated = new CopyOnWriteArrayList<>();
        final List<PurgeScope> told = new CopyOnWriteArrayList<>();
        final List<PurgeScope> recorded = new CopyOnWriteArrayList<>();
        volatile int missed;
        volatile int lost;

        @Override
        public void begins(SharedMoment moment) {}

        @Override
        public void loses() {
            lost++;
        }

        @Override
        public void told(SharedMoment moment, PurgeScope scope, int count) {
            told.add(scope);
        }

        @Override
        public void recorded(SharedMoment moment, PurgeScope scope) {
            recorded.add(scope);
        }

        @Override
        public void purged(PurgeScope scope) {
            purged.add(scope);
        }

        @Override
        public synchronized void missed() {
            missed++;
        }

        @Override
        public void tooManyOutdated() {}

        @Override
        public void outdated(String function, String primary) {
            outdated.add(function + " " + primary);
        }
    }

    record Got(SharedLevel.Read outcome, String token, String entry) {}

    /** @param settings below {@code relais.cache.redis}: name, value, name, value */
    RedisLevel start(Heard heard, String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("relais.cache.redis.timeout", "1s"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put("relais.cache.redis." + settings[i], settings[i + 1]);
        }
        RedisConfig config = new SmallRyeConfigBuilder()
                .withMapping(RedisConfig.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withConverter(Duration.class, 100, new DurationConverter())
                .withDefaultValues(all)
                .build()
                .getConfigMapping(RedisConfig.class);
        RedisLevel level = new RedisLevel(config, vertx, null, System::currentTimeMillis, System::nanoTime);
        level.start(heard);
        started.add(level);
        return level;
    }

    RedisLevel inStep(Heard heard, String... settings) {
        RedisLevel level = start(heard, settings);
        await("in step").until(() -> level.moment() != null);
        return level;
    }

    /**
     * Waits for Redis for as long as all tests wait for what must come, not just for the time that the level is set to.
     *
     * @return null when Redis is not asked
     */
    Got read(RedisLevel level, String resource, String key) throws Exception {
        return read(level, resource, key, () -> System.nanoTime() + Patience.LIMIT.toNanos());
    }

    /**
     * Waits for Redis for the time that the level is set to.
     *
     * @return null when Redis is not asked
     */
    Got readInTime(RedisLevel level, String resource, String key) throws Exception {
        return read(level, resource, key, level::deadlineNanos);
    }

    private Got read(RedisLevel level, String resource, String key, LongSupplier deadlineNanos) throws Exception {
        EventLoop loop = (EventLoop) vertx.nettyEventLoopGroup().next();
        CompletableFuture<Got> got = new CompletableFuture<>();
        loop.execute(() -> {
            boolean asked = level.read(loop, resource, key, deadlineNanos.getAsLong(), (outcome, token, entry) -> {
                assertTrue(loop.inEventLoop());
                got.complete(new Got(outcome, token, new String(entry, StandardCharsets.UTF_8)));
            });
            if (!asked) {
                got.complete(null);
            }
        });
        return got.get(2 * Patience.SECONDS, TimeUnit.SECONDS);
    }

    static SharedLevel.Write entry(String resource, String key, String text, String token, boolean isNew) {
        return new SharedLevel.Write(resource, key, text.getBytes(StandardCharsets.UTF_8), token, isNew, 60_000);
    }

    @Override
    public void close() throws Exception {
        started.forEach(RedisLevel::stop);
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
