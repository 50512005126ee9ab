package dev.relais.console;

import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.PhpFunction;
import dev.relais.sites.Application;
import dev.relais.sites.Site;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The sites in force, as JSON: where each is reached, and what is served there. Users' scripts read its keys. */
final class SitesJson {
    private static final int MOST = 1_000;
    private static final int MOST_HOSTS = 100;

    private SitesJson() {}

    /** Sorted by name; of many sites or hosts only the first. */
    static JsonArray of(FunctionRegistry registry) {
        JsonArray sites = new JsonArray();
        for (PhpFunction function : registry.all()) {
            Application application = function.application();
            Site site = application == null ? null : application.site();
            if (application != null && site != null && sites.size() < MOST) {
                sites.add(new JsonObject()
                        .put("name", site.name())
                        .put("function", function.name())
                        .put(
                                "hosts",
                                new JsonArray(
                                        site.hosts().stream().limit(MOST_HOSTS).toList()))
                        .put("mount", application.mount() + "/")
                        .put(
                                "folder",
                                site.folder() == null ? null : site.folder().toString())
                        .put(
                                "root",
                                site.folder() == null
                                        ? null
                                        : application.root().toString())
                        .put("documentRoot", site.folder() == null ? null : application.documentRoot()));
            }
        }
        return sites;
    }
}
