package dev.relais.redis;

import dev.relais.cache.PurgeScope;
import dev.relais.cache.SharedCounts;
import dev.relais.cache.SharedCounts.Store;
import dev.relais.cache.SharedLevel;
import dev.relais.cache.SharedMoment;
import dev.relais.cache.SharedStatus;
import dev.relais.telemetry.SharedCacheMeters;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The shared level in Redis; without a URL there is none, and nothing of it is made. Any thread. */
@Singleton
public final class RedisLevel implements SharedLevel, RedisLink.Listener {
    private static final long TICK_MILLIS = TimeUnit.SECONDS.toMillis(1);

    private final RedisConfig config;
    private final Vertx vertx;
    private final @Nullable SharedCacheMeters meters;
    private final LongSupplier millis;
    private final LongSupplier nanos;
    private final Random random = new Random();
    private final SharedCounts counts = new SharedCounts();
    private final RedisBreaker breaker;
    private final RedisKeys keys;
    private final long maxObject;
    private final long timeoutNanos;
    private final long purgeNanos;
    private final String self;
    private volatile @Nullable Parts parts; // by start; null: there is no Redis
    private volatile long timer = -1;

    /** What there is when there is a Redis. */
    private record Parts(
            RedisAddress address,
            RedisLink link,
            Journal journal,
            Outbox outbox,
            Outdated outdated,
            LookUps lookUps,
            Writes writes,
            Listener listener) {}

    @Inject
    RedisLevel(RedisConfig config, Vertx vertx, SharedCacheMeters meters) {
        this(config, vertx, meters, System::currentTimeMillis, System::nanoTime);
    }

    /**
     * @param millis since 1970
     * @param nanos as {@link System#nanoTime}
     */
    RedisLevel(
            RedisConfig config,
            Vertx vertx,
            @Nullable SharedCacheMeters meters,
            LongSupplier millis,
            LongSupplier nanos) {
        RedisConfig.check(config);
        this.config = config;
        this.vertx = vertx;
        this.meters = meters;
        this.millis = millis;
        this.nanos = nanos;
        this.breaker = new RedisBreaker(nanos);
        this.keys = new RedisKeys(config.prefix());
        this.maxObject = config.maxObjectSize().asLongValue();
        this.timeoutNanos = config.timeout().toNanos();
        this.purgeNanos = config.purgeWithin().toNanos();
        this.self = RedisKeys.newToken(random);
    }

    @Override
    public boolean isOn() {
        return parts != null;
    }

    @Override
    public void start(Listener listener) {
        if (config.url().isEmpty()) {
            return;
        }
        RedisAddress address = RedisAddress.of(config.url().get());
        RedisLink link = new RedisLink(vertx, address.options(config), address.shown(), keys.channel(), random, this);
        Journal journal = new Journal(link, keys, self, listener, counts, nanos, millis, this::answered);
        Outbox outbox = new Outbox(link, journal, keys, counts, listener);
        Outdated outdated = new Outdated(link, keys, listener::tooManyOutdated);
        LookUps lookUps = new LookUps(link, keys, breaker, maxObject, nanos);
        Writes writes = new Writes(keys, counts, nanos, random);
        parts = new Parts(address, link, journal, outbox, outdated, lookUps, writes, listener);
        if (meters != null) {
            LevelMeters.bind(meters, this, counts, breaker);
        }
        link.start();
        timer = vertx.setPeriodic(TICK_MILLIS, id -> link.loop().runOnContext(now -> tick()));
    }

    @Override
    public void stop() {
        Parts now = parts;
        if (now != null) {
            vertx.cancelTimer(timer);
            now.link().stop();
        }
    }

    private void tick() {
        Parts now = parts;
        if (now != null) {
            now.journal().tick();
            now.outbox().send();
            if (now.journal().isInStep()) {
                now.outdated().sendAll(); // what Redis has refused
            }
        }
    }

    /** Redis is looked at each second: while the breaker is open that is the try after a pause, which then costs no request its time. */
    private void answered(long tookNanos) {
        if (!breaker.isClosed() && breaker.admits()) {
            if (tookNanos <= timeoutNanos) {
                breaker.succeeded();
            } else {
                breaker.failed();
            }
        }
    }

    @Override
    public void connected() {
        Parts now = parts;
        if (now != null) {
            breaker.reset();
            now.journal().connected();
            now.outdated().sendAll();
        }
    }

    @Override
    public void disconnected() {
        Parts now = parts;
        if (now != null) {
            now.journal().disconnected();
        }
    }

    @Override
    public void news(String text) {
        Parts now = parts;
        if (now == null) {
            return;
        }
        if (text.equals(Outbox.NEWS)) {
            now.journal().read();
        } else if (!text.isEmpty() && text.charAt(0) == Outdated.NEWS) {
            outdated(now.listener(), text.substring(1));
        }
    }

    private void outdated(Listener listener, String message) {
        try {
            JsonObject json = new JsonObject(message);
            String function = json.getString("f");
            String primary = json.getString("p");
            if (function != null && primary != null && !self.equals(json.getString("by"))) {
                listener.outdated(function, primary);
            }
        } catch (DecodeException | ClassCastException e) {
            // not of a gateway
        }
    }

    @Override
    public long maxObject() {
        return maxObject;
    }

    @Override
    public @Nullable SharedMoment moment() {
        Parts now = parts;
        return now == null || !now.link().isConnected() ? null : now.journal().known();
    }

    @Override
    public long clockAhead() {
        Parts now = parts;
        return now == null ? 0 : now.journal().clockAhead();
    }

    @Override
    public boolean distrusts(long askedMillis, long nowMillis) {
        Parts now = parts;
        if (now == null) {
            return false;
        }
        long silence = now.journal().silenceNanos();
        if (silence >= 0 && silence <= purgeNanos) {
            return false;
        }
        return nowMillis < askedMillis || nowMillis - askedMillis > TimeUnit.NANOSECONDS.toMillis(purgeNanos);
    }

    @Override
    public String newToken() {
        return RedisKeys.newToken(random);
    }

    @Override
    public long deadlineNanos() {
        return nanos.getAsLong() + timeoutNanos;
    }

    @Override
    public boolean read(EventLoop loop, String resource, String key, long deadlineNanos, Reader reader) {
        Parts now = parts;
        RedisConnection connection = now == null ? null : now.link().reads();
        return now != null
                && connection != null
                && now.journal().known() != null
                && !now.outdated().has(resource)
                && now.lookUps().begin(connection, loop, resource, key, deadlineNanos, reader);
    }

    @Override
    public void write(Write entry) {
        Parts now = parts;
        if (now == null) {
            return;
        }
        if (entry.entry().length > now.lookUps().mostEntry()) {
            counts.count(Store.DROPPED);
            return;
        }
        now.link().loop().runOnContext(go -> now.writes().write(now.link().writes(), entry));
    }

    @Override
    public void outdate(String resource, String function, String primary) {
        Parts now = parts;
        if (now != null) {
            now.outdated().add(resource, function, primary, self);
        }
    }

    @Override
    public void remove(String resource) {
        Parts now = parts;
        if (now != null) {
            now.link().loop().runOnContext(go -> {
                RedisConnection connection = now.link().writes();
                if (connection != null) {
                    connection.send(Request.cmd(Command.UNLINK).arg(keys.resource(resource)));
                }
            });
        }
    }

    @Override
    public void purge(PurgeScope scope) {
        Parts now = parts;
        if (now != null) {
            now.link().loop().runOnContext(go -> now.outbox().add(scope));
        }
    }

    @Override
    public CompletionStage<Void> purgesTold() {
        CompletableFuture<Void> told = new CompletableFuture<>();
        Parts now = parts;
        if (now != null) {
            now.link().loop().runOnContext(go -> now.outbox().whenEmpty(told));
        }
        return told;
    }

    @Override
    public SharedCounts counts() {
        return counts;
    }

    @Override
    public @Nullable SharedStatus status() {
        Parts now = parts;
        if (now == null) {
            return null;
        }
        boolean full = now.journal().isFull() || now.writes().isFull();
        String state = !now.link().isConnected() ? "connecting" : full ? "full" : "connected";
        long silence = now.journal().silenceNanos();
        return new SharedStatus(
                now.address().shown(),
                state,
                breaker.word(),
                now.link().problem(),
                silence < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(silence),
                untold());
    }

    boolean isConnected() {
        Parts now = parts;
        return now != null && now.link().isConnected();
    }

    /** Purges and outdated resources that Redis has not taken yet. */
    int untold() {
        Parts now = parts;
        return now == null ? 0 : now.outbox().size() + now.outdated().size();
    }
}
