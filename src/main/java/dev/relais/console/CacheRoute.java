package dev.relais.console;

import dev.relais.LogText;
import dev.relais.cache.ResultCache;
import dev.relais.functions.Functions;
import dev.relais.functions.PhpFunction;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /q/relais/cache} says what the result cache holds and why it does not keep what it does not. {@code DELETE
 * /q/relais/cache} removes all kept answers, {@code DELETE /q/relais/cache/<path>} those of the function that {@code /api/<path>} leads
 * to, at that path and below it; {@code ?tag=} removes only those with this tag, and with {@code ?soft=true} they become stale instead.
 * {@link ManagementGuard} checks before whether the sender may do so. Both run on a worker thread, because they look through all answers.
 */
@Singleton
public class CacheRoute {
    private static final Logger LOG = Logger.getLogger(CacheRoute.class);
    private static final String PATH = "/q/relais/cache";
    private static final String API = "/api/";
    private static final long MOST_WAIT_MILLIS = 1_000;
    private static final Set<String> PARAMETERS = Set.of("tag", "soft");

    private final ResultCache cache;
    private final Functions functions;

    CacheRoute(ResultCache cache, Functions functions) {
        this.cache = cache;
        this.functions = functions;
    }

    void register(@Observes ManagementInterface management) {
        Router router = management.router();
        router.route(PATH).method(HttpMethod.GET).method(HttpMethod.HEAD).blockingHandler(this::show, false);
        router.delete(PATH).blockingHandler(this::purge, false);
        router.delete(PATH + "/*").blockingHandler(this::purge, false);
    }

    private void show(RoutingContext context) {
        JsonAnswer.send(context, 200, CacheJson.of(cache));
    }

    private void purge(RoutingContext context) {
        for (String name : context.request().params().names()) {
            if (!PARAMETERS.contains(name) && !name.equals("*")) {
                JsonAnswer.refuse(context, 400, "the parameters are tag and soft");
                return;
            }
        }
        String soft = context.request().getParam("soft");
        if (soft != null && !soft.equals("true") && !soft.equals("false")) {
            JsonAnswer.refuse(context, 400, "soft is true or false");
            return;
        }
        String tag = context.request().getParam("tag");
        if (tag != null && tag.isBlank()) {
            JsonAnswer.refuse(context, 400, "tag is empty");
            return;
        }
        String below = path(context.request().path());
        PhpFunction function =
                below == null || below.isEmpty() ? null : functions.current().find(API + below, API.length());
        if (below == null || !below.isEmpty() && function == null) {
            JsonAnswer.refuse(context, 404, "there is no function of this name");
            return;
        }
        // The name alone stands for all answers of the function, whose paths are all at it and below it.
        String path = function == null || below.equals(function.name()) ? null : API + below;
        CompletionStage<?> told =
                cache.tellPurge(function == null ? null : function.name(), path, tag, "true".equals(soft));
        int count = cache.purge(function == null ? null : function.name(), path, tag, "true".equals(soft));
        LOG.infof(
                "Answers are purged for an operator: function=%s path=%s tag=%s soft=%s count=%d from=%s",
                LogText.value(function == null ? "" : function.name()),
                LogText.value(path == null ? "" : path),
                LogText.value(tag == null ? "" : tag),
                LogText.value("true".equals(soft)),
                count,
                LogText.value(context.request().remoteAddress().hostAddress()));
        JsonObject answer = new JsonObject()
                .put("purged", count)
                .put("function", function == null ? null : function.name())
                .put("soft", "true".equals(soft));
        if (told != null) {
            answer.put("shared", isTold(told) ? "told" : "pending");
        }
        JsonAnswer.send(context, 200, answer);
    }

    /** Whether the gateways that share answers with this one can know of the purge; otherwise they will as soon as Redis takes it. */
    private static boolean isTold(CompletionStage<?> told) {
        try {
            told.toCompletableFuture().get(MOST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What follows the route in the path, percent-decoded; empty for nothing; null when it is malformed. */
    private static @Nullable String path(String raw) {
        if (raw.length() <= PATH.length() + 1) {
            return "";
        }
        try {
            return URLDecoder.decode(raw.substring(PATH.length() + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
