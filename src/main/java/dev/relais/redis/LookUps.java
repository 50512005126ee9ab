package dev.relais.redis;

import dev.relais.cache.SharedLevel.Read;
import dev.relais.cache.SharedLevel.Reader;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.AsyncResult;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Look-ups in Redis: each within its time, few at a time, and none while the breaker is open. Redis is asked for the first bytes of an
 * entry only, so that nothing larger than a shared answer ever comes. Any thread.
 */
final class LookUps {
    /** More are not under way: at 5 ms each these are 25,000 a second. */
    private static final int MOST = 128;

    private static final int LEAST = 4;

    /** What those under way may bring, at most. */
    private static final long MOST_BYTES = 32 << 20;

    /** What an entry takes besides its body, at most. */
    private static final int HEAD_BYTES = 64 << 10;

    private static final byte[] NOTHING = {};

    private final RedisLink link;
    private final RedisKeys keys;
    private final RedisBreaker breaker;
    private final LongSupplier nanos;
    private final long mostEntry;
    private final int most;
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * @param maxObject the largest body
     * @param nanos as {@link System#nanoTime}
     */
    LookUps(RedisLink link, RedisKeys keys, RedisBreaker breaker, long maxObject, LongSupplier nanos) {
        this.link = link;
        this.keys = keys;
        this.breaker = breaker;
        this.nanos = nanos;
        // A body, a coding of it, and the head: a longer entry is cut, and so its checksum is wrong.
        this.mostEntry = HEAD_BYTES + 2 * maxObject;
        this.most = (int) Math.max(LEAST, Math.min(MOST, MOST_BYTES / mostEntry));
    }

    /** The longest entry that is read, without its token. */
    long mostEntry() {
        return mostEntry;
    }

    /** @return false when Redis is not asked: then the reader is not called */
    boolean begin(
            RedisConnection connection, EventLoop loop, String resource, String key, long deadline, Reader reader) {
        long left = deadline - nanos.getAsLong();
        if (left <= 0 || underWay.get() >= most || !breaker.admits()) {
            return false;
        }
        underWay.incrementAndGet();
        One one = new One(loop, reader);
        one.limit = loop.schedule(one::isLate, left, TimeUnit.NANOSECONDS);
        List<Request> commands = List.of(
                Request.cmd(Command.GETRANGE)
                        .arg(keys.resource(resource))
                        .arg("0")
                        .arg(Integer.toString(RedisKeys.TOKEN)),
                Request.cmd(Command.GETRANGE)
                        .arg(keys.answer(key))
                        .arg("0")
                        .arg(Long.toString(RedisKeys.TOKEN + mostEntry)));
        link.loop().runOnContext(now -> connection.batch(commands).onComplete(one::isAnswered));
        return true;
    }

    /** One look-up, of which Redis' answer and the end of its time may come in any order. */
    private final class One {
        private final EventLoop loop;
        private final Reader reader;
        private @Nullable ScheduledFuture<?> limit;
        private boolean done; // only on the loop

        One(EventLoop loop, Reader reader) {
            this.loop = loop;
            this.reader = reader;
        }

        private void isLate() {
            if (!done) {
                breaker.failed();
                end(Read.TIMEOUT, "", NOTHING);
            }
        }

        /** On the event loop of the connections. */
        private void isAnswered(AsyncResult<List<Response>> answer) {
            underWay.decrementAndGet();
            loop.execute(() -> take(answer));
        }

        private void take(AsyncResult<List<Response>> answer) {
            if (done) {
                return; // too late; the breaker knows
            }
            if (answer.failed()) {
                boolean foreign = String.valueOf(answer.cause().getMessage()).contains("WRONGTYPE");
                if (foreign) {
                    breaker.succeeded();
                } else {
                    breaker.failed();
                }
                end(foreign ? Read.FOREIGN : Read.ERROR, "", NOTHING);
                return;
            }
            breaker.succeeded();
            byte[] token = bytes(answer.result().get(0));
            byte[] entry = bytes(answer.result().get(1));
            String word = RedisKeys.token(token, token.length);
            if (token.length != 0 && word.isEmpty()) {
                end(Read.FOREIGN, "", NOTHING);
            } else if (!word.isEmpty() && word.equals(RedisKeys.token(entry, RedisKeys.TOKEN))) {
                byte[] rest = new byte[entry.length - RedisKeys.TOKEN];
                System.arraycopy(entry, RedisKeys.TOKEN, rest, 0, rest.length);
                end(Read.DONE, word, rest);
            } else {
                end(Read.DONE, word, NOTHING);
            }
        }

        private byte[] bytes(@Nullable Response value) {
            byte[] bytes = value == null ? null : value.toBytes();
            return bytes == null ? NOTHING : bytes;
        }

        private void end(Read outcome, String token, byte[] entry) {
            done = true;
            if (limit != null) {
                limit.cancel(false);
            }
            reader.read(outcome, token, entry);
        }
    }
}
