package dev.relais.console;

import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.PhpFunction;
import dev.relais.functions.PoolSettings;
import dev.relais.sites.Application;
import dev.relais.sites.Site;
import dev.relais.telemetry.Activity;
import dev.relais.telemetry.Served;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/** The sites in force, as JSON: where each is reached, and what is served there, and how often. Users' scripts read its keys. */
final class SitesJson {
    private static final int MOST = 1_000;
    private static final int MOST_HOSTS = 100;

    private SitesJson() {}

    /**
     * Sorted by name; of many sites or hosts only the first.
     *
     * @param served gives what a site, by its function's name, has answered
     */
    static JsonArray of(FunctionRegistry registry, Function<String, Served> served) {
        JsonArray sites = new JsonArray();
        for (PhpFunction function : registry.all()) {
            Application application = function.application();
            Site site = application == null ? null : application.site();
            PoolSettings pool = function.settings().pool();
            if (application != null && site != null && sites.size() < MOST) {
                sites.add(new JsonObject()
                        .put("name", site.name())
                        .put("function", function.name())
                        .put(
                                "hosts",
                                new JsonArray(
                                        site.hosts().stream().limit(MOST_HOSTS).toList()))
                        .put("mount", application.mount() + "/")
                        .put("pool", pool == null ? null : pool.name())
                        .put(
                                "folder",
                                site.folder() == null ? null : site.folder().toString())
                        .put(
                                "root",
                                site.folder() == null
                                        ? null
                                        : application.root().toString())
                        .put("documentRoot", site.folder() == null ? null : application.documentRoot())
                        .put("version", function.version())
                        .put("served", of(served.apply(function.name()))));
            }
        }
        return sites;
    }

    private static JsonObject of(Served served) {
        return new JsonObject()
                .put("requests", served.requests())
                .put("errors", served.errors())
                .put("clientErrors", served.clientErrors())
                .put("files", served.files())
                .put("scripts", served.scripts());
    }

    /** What has changed of those that were active lately, for a page that knows the rest: by name, in the order of {@link Served}. */
    static JsonObject counts(Activity activity, FunctionRegistry registry, Function<String, Served> served) {
        JsonObject counts = new JsonObject();
        for (Activity.Function function : activity.functions()) {
            PhpFunction known = counts.size() < MOST ? registry.get(function.name()) : null;
            if (known != null && known.isSite()) {
                counts.put(function.name(), of(served.apply(function.name())));
            }
        }
        return counts;
    }
}
