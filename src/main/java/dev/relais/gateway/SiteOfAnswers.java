package dev.relais.gateway;

import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.PhpFunction;
import dev.relais.http.ResponseWriter;
import dev.relais.http.SiteAnswers;
import dev.relais.sites.Application;
import dev.relais.sites.HostName;
import io.vertx.core.http.HttpServerRequest;

/** Says to the writer of an answer which site it is for, before it is known who gives it: a refusal has the fields of the site, too. */
final class SiteOfAnswers {
    private SiteOfAnswers() {}

    /** A function, or a site at this path below its mount, is to answer. */
    static void is(PhpFunction function, String path, ResponseWriter writer) {
        Application application = function.application();
        if (application == null || application.site() == null) {
            writer.site().isNone();
        } else {
            writer.site()
                    .isLikely(() -> new SiteAnswers(application.rules().at(path).headers(), 0, true));
        }
    }

    /** If nothing is found, Relais itself is to answer: like the site that is at the root of the host, if there is one. */
    static void untilFound(
            Arrival arrival, FunctionRegistry registry, HttpServerRequest request, ResponseWriter writer) {
        if (arrival.found() != null || !registry.hasSites()) {
            return;
        }
        String host = HostName.of(CgiEnvironment.host(request, arrival.target()));
        PhpFunction site = registry.sites().find(host, "/", Integer.MAX_VALUE);
        if (site != null) {
            is(site, "/", writer);
        }
    }
}
