package dev.relais.functions;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The value of {@code sites} in {@code functions.yaml}: sites by their names, no two of them at one place. */
final class SitesForm {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private SitesForm() {}

    /**
     * @param pools those that they may name
     * @param sites takes them
     * @throws dev.relais.ConfigurationProblem when something is wrong with one of them
     */
    static void read(YamlValue value, FunctionSettings defaults, PoolTable pools, Map<String, SiteSettings> sites) {
        Map<String, String> places = new HashMap<>();
        value.entries().forEach((name, site) -> {
            if (!name.matches(NAME)) {
                throw site.keyProblem("not a name for a site", "write it of letters, digits and ._-");
            }
            SiteSettings settings = SiteKeys.read(name, site, defaults, pools);
            List<String> hosts = settings.site().hosts();
            for (String host : hosts.isEmpty() ? List.of("") : hosts) {
                String other = places.put(host + settings.mount(), name);
                if (other != null) {
                    String where = (host.isEmpty() ? "every other host" : host) + " at " + settings.mount() + "/";
                    throw site.keyProblem(
                            other.equals(name) ? where + " twice" : "the site " + other + " has " + where + ", too",
                            "give one of them other hosts or another mount");
                }
            }
            sites.put(name, settings);
        });
    }
}
