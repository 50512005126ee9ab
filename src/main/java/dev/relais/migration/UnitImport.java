package dev.relais.migration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes sites of a configuration of NGINX Unit: one for each listener, and each host that its routes name. */
final class UnitImport {
    static final String MODE = "import unit";

    private UnitImport() {}

    /** Blocks. */
    static Imported read(Path file) {
        SourceFile source = SourceFile.read(MODE, file);
        Json whole = Json.read(MODE, source);
        Json config = whole.get("config") == null ? whole : whole.get("config");
        Notes notes = new Notes();
        List<SiteDraft> sites = new ArrayList<>();
        Json listeners = config.get("listeners");
        if (listeners != null) {
            listeners
                    .entries()
                    .forEach((address, listener) -> sites.addAll(listener(source, config, address, listener)));
        }
        config.entries().forEach((name, value) -> {
            Origin origin = new Origin(source.name(), value.line(), name, name);
            switch (name) {
                case "listeners", "routes", "applications" -> {}
                case "settings" -> settings(origin, value, notes);
                case "access_log" -> notes.needless(origin, "Relais has its own log, with relais.access-log.*");
                default -> notes.lost(origin, "there is no key for it");
            }
        });
        return new Imported("a configuration of NGINX Unit", Places.apart(sites, notes), notes);
    }

    private static void settings(Origin origin, Json settings, Notes notes) {
        Json http = settings.get("http");
        if (http != null && http.get("max_body_size") != null) {
            notes.needless(origin, "max-body-size of the sites says so");
        } else {
            notes.needless(origin, "Relais has its own limits, buffers and processes");
        }
    }

    private static List<SiteDraft> listener(SourceFile source, Json config, String address, Json listener) {
        List<Json> steps = UnitRoutes.steps(config, listener.text("pass"));
        Set<List<String>> hosts = new LinkedHashSet<>();
        boolean hasOthers = steps == null;
        for (Json step : steps == null ? List.<Json>of() : steps) {
            List<String> names = hosts(step);
            hasOthers |= names.stream().allMatch(UnitHosts::spares);
            if (!names.isEmpty()) {
                hosts.add(names);
            }
        }
        List<SiteDraft> sites = new ArrayList<>();
        UnitHosts.sites(hosts).forEach(names -> sites.add(site(source, config, address, listener, steps, names)));
        if (hasOthers || hosts.isEmpty()) {
            sites.add(site(source, config, address, listener, steps, List.of()));
        }
        return sites;
    }

    /** The names that a step of a route is for alone; empty for all hosts. */
    static List<String> hosts(Json step) {
        Json match = step.get("match");
        Json host = match == null ? null : match.get("host");
        return host == null ? List.of() : host.texts();
    }

    private static SiteDraft site(
            SourceFile source,
            Json config,
            String address,
            Json listener,
            @Nullable List<Json> steps,
            List<String> hosts) {
        SiteDraft site = new SiteDraft();
        site.fallback = "404";
        Origin origin = new Origin(source.name(), listener.line(), "listeners." + address, "listener " + address);
        for (String host : hosts) {
            String lower = host.toLowerCase(Locale.ROOT);
            if (HostNames.isName(lower)) {
                site.hosts.add(lower);
            } else {
                site.notes.lost(origin, host + " is no name that hosts can have; write the names, or *.example.com");
            }
        }
        site.notes.needless(origin, "port, TLS and HTTP/2 are quarkus.http.* (src/docs/protocols.md)");
        listener.entries().forEach((name, value) -> {
            Origin own = new Origin(source.name(), value.line(), name, name);
            switch (name) {
                case "pass", "backlog" -> {}
                case "tls" -> tls(site, own, value);
                case "forwarded", "client_ip" -> site.notes.needless(own, "see relais.http.trusted-proxies");
                default -> site.notes.lost(own, "there is no key for it");
            }
        });
        Json settings = config.get("settings");
        Json http = settings == null ? null : settings.get("http");
        if (http != null && http.get("max_body_size") != null) {
            site.maxBodySize = Sizes.of(http.text("max_body_size"));
        }
        UnitRoutes routes = new UnitRoutes(source, config, site);
        if (steps == null) {
            routes.applications().pass(listener.text("pass"), origin, List.of());
        } else {
            routes.walk(steps, hosts, List.of(), 0);
        }
        routes.applications().end();
        return site;
    }

    private static void tls(SiteDraft site, Origin origin, Json tls) {
        if (tls.toString().contains("client") && tls.toString().contains("verify")) {
            site.notes.guard(origin, "clients' certificates are quarkus.http.ssl.client-auth");
        } else {
            site.notes.needless(origin, "port, TLS and HTTP/2 are quarkus.http.* (src/docs/protocols.md)");
        }
    }
}
