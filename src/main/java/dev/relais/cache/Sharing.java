package dev.relais.cache;

import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says with which other requests a request shares PHP's answer. Confined to the request's event loop. */
final class Sharing {
    private final CacheCore cache;
    private final Region region;
    private final ResultKey key;
    private final CacheRequest request;
    private final MultiMap headers;
    private boolean hasBoarded;
    private long boarded; // the moment, on the clock of Purges

    Sharing(CacheCore cache, Region region, ResultKey key, CacheRequest request, MultiMap headers) {
        this.cache = cache;
        this.region = region;
        this.key = key;
        this.request = request;
        this.headers = headers;
    }

    /** Whether it takes a place at all, once: a range or a HEAD cannot be shared, and neither can what must not be kept. */
    boolean isWanted() {
        return !hasBoarded && !request.head() && request.range() == null && !request.isNoStore();
    }

    /** @return the flight of another request that asks the same; null when this one asks */
    @Nullable
    Flight board(Asking asking) {
        hasBoarded = true;
        boarded = cache.regions().purges().now();
        return asking.board(flightKey(), key.primary());
    }

    /** Requests with cookies or credentials may get other answers, so that they wait only for each other. */
    private String flightKey() {
        List<String> vary = region.vary(key.primary());
        String selected = vary == null || vary.isEmpty() ? "" : Selection.of(vary, headers);
        return region.function()
                + '\n'
                + key.primary()
                + '\n'
                + key.exact()
                + '\n'
                + selected
                + (request.cookie() ? "\ncookie" : "")
                + (request.authorization() ? "\nauthorization" : "");
    }

    /** Whether another request's answer is for this one as well: it has the same key, and nothing was purged between the two. */
    boolean accepts(Stored other) {
        return !cache.regions().purges().isPurgedBetween(other.tags(), other.moment(), boarded)
                && other.matches(key.exact(), Selection.of(other.vary(), headers))
                && !(request.cookie() && !other.rules().forCookies())
                && !(request.authorization() && !other.rules().forCredentials());
    }
}
