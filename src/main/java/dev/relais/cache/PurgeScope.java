package dev.relais.cache;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Which answers a purge is about, as it is told to other gateways. Immutable.
 *
 * @param function null for all functions
 * @param path the answers at this path and below it; null for all
 * @param tag as PHP has given it; null for all
 * @param soft whether they become stale instead of being removed
 * @param millis when it was, since 1970
 */
public record PurgeScope(
        @Nullable String function,
        @Nullable String path,
        @Nullable String tag,
        boolean soft,
        long millis) {
    static PurgeScope everything(long nowMillis) {
        return new PurgeScope(null, null, null, false, nowMillis);
    }

    public JsonObject json() {
        JsonObject json = new JsonObject().put("at", millis);
        put(json, "function", function);
        put(json, "path", path);
        put(json, "tag", tag);
        return soft ? json.put("soft", true) : json;
    }

    private static void put(JsonObject json, String key, @Nullable String value) {
        if (value != null) {
            json.put(key, value);
        }
    }

    /** @return what {@link #json} has written; everything when it cannot be understood, so that nothing that was purged is given */
    public static PurgeScope parse(@Nullable String text, long nowMillis) {
        if (text == null) {
            return everything(nowMillis);
        }
        try {
            JsonObject json = new JsonObject(text);
            return new PurgeScope(
                    json.getString("function"),
                    json.getString("path"),
                    json.getString("tag"),
                    json.getBoolean("soft", false),
                    json.getLong("at", nowMillis));
        } catch (DecodeException | ClassCastException | NullPointerException e) {
            return everything(nowMillis);
        }
    }
}
