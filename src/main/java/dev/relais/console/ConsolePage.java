package dev.relais.console;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * {@code GET /q/relais/console}: the console, which is one page with its style and scripts, out of the class path. It runs nothing that is
 * not in these files and asks nobody but this gateway, which a content security policy makes sure of. They are read at each request, on a
 * worker thread.
 */
@Singleton
final class ConsolePage {
    private static final String PATH = "/q/relais/console";
    private static final String PAGE = "console.html";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    /** What is given, by its name below the path. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry(PAGE, "text/html; charset=utf-8"),
            Map.entry("console.css", "text/css; charset=utf-8"),
            Map.entry("icon.svg", "image/svg+xml"),
            Map.entry("main.js", SCRIPT),
            Map.entry("dom.js", SCRIPT),
            Map.entry("text.js", SCRIPT),
            Map.entry("stream.js", SCRIPT),
            Map.entry("chart.js", SCRIPT),
            Map.entry("workers.js", SCRIPT),
            Map.entry("functions.js", SCRIPT),
            Map.entry("residents.js", SCRIPT),
            Map.entry("sites.js", SCRIPT),
            Map.entry("lists.js", SCRIPT),
            Map.entry("requests.js", SCRIPT),
            Map.entry("profiles.js", SCRIPT),
            Map.entry("actions.js", SCRIPT));

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    void register(@Observes ManagementInterface management) {
        Router router = management.router();
        router.route(PATH).method(HttpMethod.GET).method(HttpMethod.HEAD).blockingHandler(this::page, false);
        for (String name : TYPES.keySet()) {
            if (!name.equals(PAGE)) {
                router.route(PATH + "/" + name)
                        .method(HttpMethod.GET)
                        .method(HttpMethod.HEAD)
                        .blockingHandler(context -> send(context, name), false);
            }
        }
    }

    /** The page's own addresses are relative, so that it works below any prefix of a proxy, but not with a slash at its end. */
    private void page(RoutingContext context) {
        if (context.request().path().endsWith("/")) {
            context.response()
                    .setStatusCode(308)
                    .putHeader("Location", "../console")
                    .end();
        } else {
            send(context, PAGE);
        }
    }

    private static void send(RoutingContext context, String name) {
        HttpServerResponse response = context.response();
        response.putHeader("Content-Type", TYPES.get(name))
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Cache-Control", "no-store")
                .end(read(name));
    }

    /** Reads one of the files that are packaged beside this class. */
    private static Buffer read(String name) {
        try (InputStream file = ConsolePage.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is not packaged");
            }
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
    }
}
