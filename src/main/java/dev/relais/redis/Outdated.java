package dev.relais.redis;

import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Resources that unsafe requests to this gateway have made outdated: they are removed from Redis, and the others are told. Until Redis has
 * confirmed that, they are not read. Any thread may ask, the event loop of {@link RedisLink} does the rest.
 */
final class Outdated {
    static final int MOST = 10_000;

    /** What a message to the others begins with. */
    static final char NEWS = 'o';

    /**
     * @param message for the others
     * @param number of the request that made it outdated, since another one may follow before the first is confirmed
     */
    private record Resource(String message, long number) {}

    private final RedisLink link;
    private final RedisKeys keys;
    private final Runnable tooMany;
    private final Map<String, Resource> waiting = new ConcurrentHashMap<>();
    private long number;

    /** @param tooMany told when they are too many, and are forgotten here: everything is to be purged */
    Outdated(RedisLink link, RedisKeys keys, Runnable tooMany) {
        this.link = link;
        this.keys = keys;
        this.tooMany = tooMany;
    }

    /** Whether a resource is not yet removed. */
    boolean has(String resource) {
        return !waiting.isEmpty() && waiting.containsKey(resource);
    }

    int size() {
        return waiting.size();
    }

    /** From now on it is not read. Any thread. */
    void add(String resource, String function, String primary, String by) {
        JsonObject message =
                new JsonObject().put("f", function).put("p", primary).put("by", by);
        Resource added = new Resource(NEWS + message.encode(), next());
        waiting.put(resource, added);
        link.loop().runOnContext(now -> {
            if (waiting.size() > MOST) {
                tooMany.run();
                waiting.clear();
            }
            send(resource, added);
        });
    }

    private synchronized long next() {
        return ++number;
    }

    /** Redis is back: sends all that it has not confirmed. */
    void sendAll() {
        waiting.forEach(this::send);
    }

    private void send(String resource, Resource sent) {
        RedisConnection connection = link.writes();
        if (connection == null) {
            return;
        }
        connection
                .batch(List.of(
                        Request.cmd(Command.UNLINK).arg(keys.resource(resource)),
                        Request.cmd(Command.PUBLISH).arg(keys.channel()).arg(sent.message())))
                .onSuccess(done -> waiting.remove(resource, sent));
    }
}
