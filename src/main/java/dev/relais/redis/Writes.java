package dev.relais.redis;

import dev.relais.cache.SharedCounts;
import dev.relais.cache.SharedCounts.Store;
import dev.relais.cache.SharedLevel.Write;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes answers into Redis, which nobody waits for. What is under way is bounded, and while Redis says that it is full nothing is sent.
 * Any thread.
 */
final class Writes {
    /** Bytes that Redis has not yet taken. */
    static final long MOST_BYTES = 16 << 20;

    private static final long FULL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What counts for an entry besides its bytes, so that few hundreds are under way. */
    private static final int COMMAND_BYTES = 32 << 10;

    /** A resource's token outlives its answers by this. */
    private static final long TOKEN_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private final RedisKeys keys;
    private final SharedCounts counts;
    private final LongSupplier nanos;
    private final Random random;
    private final AtomicLong underWay = new AtomicLong();
    private volatile boolean full;
    private volatile long fullUntil; // only while it is full

    Writes(RedisKeys keys, SharedCounts counts, LongSupplier nanos, Random random) {
        this.keys = keys;
        this.counts = counts;
        this.nanos = nanos;
        this.random = random;
    }

    boolean isFull() {
        return full;
    }

    void write(@Nullable RedisConnection connection, Write entry) {
        long bytes = entry.entry().length + COMMAND_BYTES;
        if (connection == null || full && nanos.getAsLong() - fullUntil < 0 || underWay.get() + bytes > MOST_BYTES) {
            counts.count(Store.DROPPED);
            return;
        }
        underWay.addAndGet(bytes);
        String token = entry.token();
        Future<?> written = token == null
                ? withTokenThere(connection, entry)
                : connection.batch(List.of(mark(entry, token), put(entry, token)));
        written.onComplete(result -> {
            underWay.addAndGet(-bytes);
            if (result.succeeded()) {
                full = false;
                counts.count(Store.STORED);
                counts.written(entry.entry().length);
            } else {
                failed(result.cause());
            }
        });
    }

    private void failed(Throwable cause) {
        counts.count(Store.ERROR);
        if (isFull(cause)) {
            fullUntil = nanos.getAsLong() + FULL_NANOS;
            full = true;
        }
    }

    /** Whether Redis has refused something for want of memory. */
    static boolean isFull(Throwable cause) {
        return String.valueOf(cause.getMessage()).contains("OOM ");
    }

    /** The resource's token is made known, or lives as long as this answer; one that was removed does not come back. */
    private Request mark(Write entry, String token) {
        String life = Long.toString(entry.ttlMillis() + TOKEN_MILLIS);
        String resource = keys.resource(entry.resource());
        return entry.isNew()
                ? Request.cmd(Command.SET)
                        .arg(resource)
                        .arg(token)
                        .arg("NX")
                        .arg("PX")
                        .arg(life)
                : Request.cmd(Command.PEXPIRE).arg(resource).arg(life);
    }

    private Request put(Write entry, String token) {
        Buffer value = Buffer.buffer(RedisKeys.TOKEN + entry.entry().length)
                .appendBytes(token.getBytes(StandardCharsets.US_ASCII))
                .appendBytes(entry.entry());
        return Request.cmd(Command.SET)
                .arg(keys.answer(entry.key()))
                .arg(value)
                .arg("PX")
                .arg(Long.toString(entry.ttlMillis()));
    }

    /** Nobody has looked the resource up: its token is read, after one was made where there was none. */
    private Future<?> withTokenThere(RedisConnection connection, Write entry) {
        String resource = keys.resource(entry.resource());
        String made = RedisKeys.newToken(random);
        return connection
                .batch(List.of(
                        Request.cmd(Command.SET)
                                .arg(resource)
                                .arg(made)
                                .arg("NX")
                                .arg("PX")
                                .arg(Long.toString(entry.ttlMillis() + TOKEN_MILLIS)),
                        Request.cmd(Command.GETRANGE).arg(resource).arg("0").arg(Integer.toString(RedisKeys.TOKEN))))
                .compose(answers -> {
                    Response found = answers.get(1);
                    byte[] bytes = found == null ? new byte[0] : found.toBytes();
                    String token = RedisKeys.token(bytes, bytes.length);
                    return token.isEmpty()
                            ? Future.failedFuture("the resource's key is not ours")
                            : connection.batch(List.of(
                                    mark(
                                            new Write(
                                                    entry.resource(),
                                                    entry.key(),
                                                    entry.entry(),
                                                    token,
                                                    false,
                                                    entry.ttlMillis()),
                                            token),
                                    put(entry, token)));
                });
    }
}
