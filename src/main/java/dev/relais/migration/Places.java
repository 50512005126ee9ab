package dev.relais.migration;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where sites are: no two of them at one host and mount. */
final class Places {
    private Places() {}

    /** Leaves out what is no site, and the hosts that a site before has at the same mount. */
    static List<SiteDraft> apart(List<SiteDraft> sites, Notes notes) {
        List<SiteDraft> real = new ArrayList<>();
        Set<String> places = new HashSet<>();
        for (SiteDraft site : sites) {
            if (site.root == null && site.rules.isEmpty()) {
                notes.addAll(site.notes);
                continue;
            }
            Set<String> taken = new HashSet<>(site.hosts.isEmpty() ? Set.of("") : site.hosts);
            taken.removeIf(host -> places.add(host + " " + site.mount));
            if (!taken.isEmpty()) {
                tell(site, taken);
                site.hosts.removeAll(taken);
                if (site.hosts.isEmpty()) {
                    site.hosts.add(free(places, taken.iterator().next(), site.mount));
                }
            }
            Bounds.keep(site);
            real.add(site);
        }
        return real;
    }

    private static void tell(SiteDraft site, Set<String> taken) {
        String again = String.join(
                ", ",
                taken.stream()
                        .sorted()
                        .map(host -> host.isEmpty() ? "all other hosts" : host)
                        .toList());
        site.notes.lost(
                new Origin("", 0, "server", "a second server for " + again),
                "one site has a host, whatever its port; join the two by hand");
    }

    /** A name that no client can ask for, so that the result is valid until somebody has joined the two. */
    private static String free(Set<String> places, String host, String mount) {
        String base = (host.isEmpty() ? "default" : host.replace("*.", "any.")) + ".invalid";
        for (int i = 2; ; i++) {
            String name = "server-" + i + "." + base;
            if (places.add(name + " " + mount)) {
                return name;
            }
        }
    }
}
