package dev.relais.dev;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells the pages that are open in browsers when code has changed, by server-sent events. Each event is the version of the code, which is another
 * one after each change and after each start: a page that hears of another one than its first loads itself anew. Any thread.
 */
@Singleton
public final class LiveReload {
    static final String CHANGES = "/q/relais-dev/changes";
    static final String SCRIPT_PATH = "/q/relais-dev/live-reload.js";

    /** What is added to HTML. */
    static final String SCRIPT = "<script src=\"" + SCRIPT_PATH + "\"></script>\n";

    private static final String SCRIPT_TEXT = """
            // Loads this page anew when the code of the functions has changed (relais.dev.live-reload, dev mode only).
            (() => {
              let version = null;
              new EventSource('%s').addEventListener('version', event => {
                if (version !== null && version !== event.data) {
                  location.reload();
                }
                version = event.data;
              });
            })();
            """.formatted(CHANGES);

    private final DevConfig config;
    private final DevMode mode;
    private final AtomicLong version;
    private final Map<HttpServerResponse, Context> open = new ConcurrentHashMap<>();

    LiveReload(DevConfig config, DevMode mode) {
        this.config = config;
        this.mode = mode;
        this.version = new AtomicLong(Clock.systemUTC().millis());
    }

    /** Whether anybody may want to know. */
    public boolean isWanted() {
        return mode.isOn() && config.liveReload();
    }

    /** Code has changed. */
    public void changed() {
        String event = event(version.incrementAndGet());
        open.forEach((response, context) -> context.runOnContext(now -> {
            if (!response.ended() && !response.closed()) {
                response.write(event);
            }
        }));
    }

    private static String event(long version) {
        return "event: version\ndata: " + version + "\n\n";
    }

    void follow(RoutingContext context) {
        HttpServerResponse response = context.response();
        response.putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                .setChunked(true);
        response.closeHandler(gone -> open.remove(response));
        response.endHandler(ended -> open.remove(response));
        open.put(response, Vertx.currentContext());
        response.write(event(version.get()));
    }

    void script(RoutingContext context) {
        context.response()
                .putHeader("Content-Type", "text/javascript; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .end(SCRIPT_TEXT);
    }

    /** How many pages listen now. */
    int listeners() {
        return open.size();
    }
}
