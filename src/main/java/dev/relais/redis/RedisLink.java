package dev.relais.redis;

import dev.relais.LogText;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The connections to Redis: one for look-ups, so that no large answer that is written is in their way, one for writing and for the journal,
 * one for the news of other gateways. They are made and given up together, and made again after a pause that grows. Confined to one event
 * loop, but for {@link #reads} and {@link #writes}.
 */
final class RedisLink {
    private static final Logger LOG = Logger.getLogger(RedisLink.class);

    static final int CONNECTIONS = 3;
    static final long CONNECT_MILLIS = TimeUnit.SECONDS.toMillis(2);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = TimeUnit.SECONDS.toMillis(5);

    /** Commands of one connection without an answer. Look-ups and writes have narrower bounds of their own. */
    static final int MOST_COMMANDS = 2_048;

    interface Listener {
        /** The connections are there, and the news are subscribed to. */
        void connected();

        /** They are not there any more. */
        void disconnected();

        void news(String text);
    }

    private final Vertx vertx;
    private final RedisOptions options;
    private final String shown;
    private final String channel;
    private final Random random;
    private final Listener listener;
    private @Nullable Context loop;
    private @Nullable Redis client; // of this attempt; null between two
    private int failures;
    private boolean stopped;
    private boolean connected;
    private volatile @Nullable RedisConnection reads;
    private volatile @Nullable RedisConnection writes;
    private volatile @Nullable String problem;

    /**
     * @param options with the address and what is secret
     * @param shown the address for the log
     * @param random for the pauses, so that gateways do not come back all at once
     */
    RedisLink(Vertx vertx, RedisOptions options, String shown, String channel, Random random, Listener listener) {
        this.vertx = vertx;
        this.options = options;
        this.shown = shown;
        this.channel = channel;
        this.random = random;
        this.listener = listener;
    }

    /** Begins. Any thread but an event loop's. */
    void start() {
        Context own = vertx.getOrCreateContext();
        loop = own;
        own.runOnContext(now -> connect());
    }

    /** The event loop that all of it runs on. */
    Context loop() {
        return Objects.requireNonNull(loop);
    }

    void stop() {
        loop().runOnContext(now -> {
            stopped = true;
            giveUp();
        });
    }

    boolean isConnected() {
        return writes != null;
    }

    /** The connection for look-ups; null while there is none. Any thread. */
    @Nullable
    RedisConnection reads() {
        return reads;
    }

    /** The connection for all else; null while there is none. Any thread. */
    @Nullable
    RedisConnection writes() {
        return writes;
    }

    /** Why it was lost, or could not be made, last. Any thread. */
    @Nullable
    String problem() {
        return problem;
    }

    private void connect() {
        if (stopped) {
            return;
        }
        Redis attempt = Redis.createClient(vertx, options);
        client = attempt;
        // The client waits for ever for a server that takes the connection and says nothing, or something else than
        // Redis would.
        long limit = vertx.setTimer(CONNECT_MILLIS, id -> lose(attempt, "no answer to the connection"));
        Future<RedisConnection> first = attempt.connect();
        Future<RedisConnection> second = attempt.connect();
        Future<RedisConnection> third = attempt.connect();
        Future.all(first, second, third).onComplete(all -> {
            vertx.cancelTimer(limit);
            if (all.failed()) {
                lose(attempt, text(all.cause()));
            } else if (attempt == client) {
                use(attempt, first.result(), second.result(), third.result());
            }
        });
    }

    private void use(Redis attempt, RedisConnection look, RedisConnection write, RedisConnection news) {
        for (RedisConnection one : List.of(look, write, news)) {
            one.endHandler(end -> lose(attempt, "the connection has ended"));
            one.exceptionHandler(thrown -> lose(attempt, text(thrown)));
        }
        news.handler(this::receive);
        news.send(Request.cmd(Command.SUBSCRIBE).arg(channel))
                .onFailure(thrown -> lose(attempt, text(thrown)))
                .onSuccess(sent -> {
                    if (attempt == client) {
                        begin(look, write);
                    }
                });
    }

    private void begin(RedisConnection look, RedisConnection write) {
        writes = write;
        reads = look;
        connected = true;
        failures = 0;
        LOG.infof("Redis is connected: address=%s", LogText.value(shown));
        listener.connected();
    }

    private void receive(@Nullable Response message) {
        if (message == null
                || message.size() < 3
                || !"message".equals(message.get(0).toString())) {
            return; // the subscription itself
        }
        listener.news(message.get(2).toString());
    }

    /** Redis does not answer: all is made anew. */
    void lose(String why) {
        if (client != null) {
            lose(client, why);
        }
    }

    private void lose(Redis attempt, String why) {
        if (attempt != client) {
            return;
        }
        boolean news = connected || !why.equals(problem);
        problem = why;
        giveUp();
        if (news && !stopped) {
            LOG.warnf(
                    "Redis is not reachable, each gateway keeps its answers alone: address=%s cause=%s",
                    LogText.value(shown), LogText.value(why));
        }
        long pause = Math.min(FIRST_PAUSE_MILLIS << Math.min(failures, 10), LONGEST_PAUSE_MILLIS);
        failures++;
        vertx.setTimer(pause / 2 + 1 + random.nextInt((int) pause), id -> connect());
    }

    private void giveUp() {
        Redis former = client;
        client = null;
        reads = null;
        writes = null;
        boolean was = connected;
        connected = false;
        if (former != null) {
            former.close(); // with all its connections, also those that are only half made
        }
        if (was) {
            listener.disconnected();
        }
    }

    private static String text(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.getClass().getSimpleName() : message;
    }
}
