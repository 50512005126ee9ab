package dev.relais.migration;

import java.util.List;
import java.util.Locale;

/** The hosts of a server of nginx. Not thread-safe. */
final class NginxHosts {
    private final SiteDraft site;

    NginxHosts(SiteDraft site) {
        this.site = site;
    }

    void read(List<Directive> own) {
        boolean isDefault = false;
        for (Directive one : own) {
            if (one.is("listen") && one.args().contains("default_server")) {
                isDefault = true;
            }
            if (one.is("server_name")) {
                one.args().forEach(name -> host(one, name));
            }
        }
        if (isDefault && !site.hosts.isEmpty()) {
            Directive names = own.stream()
                    .filter(one -> one.is("server_name"))
                    .findFirst()
                    .orElseThrow();
            site.notes.different(
                    names.origin(),
                    "without hosts the site answers all hosts that no other site has, as default_server does");
            site.hosts.clear();
        }
    }

    private void host(Directive directive, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals("_")
                || lower.isEmpty()
                || lower.equals("\"\"")
                || lower.equals("localhost") && directive.args().size() == 1) {
            return; // the site for all other hosts
        }
        String plain = lower.startsWith(".") ? lower.substring(1) : lower;
        if (HostNames.isName(plain)) {
            site.hosts.add(plain);
            if (lower.startsWith(".")) {
                site.hosts.add("*" + lower);
            }
        } else {
            site.notes.lost(
                    directive.origin(), name + " is no name that hosts can have; write the names, or *.example.com");
        }
    }
}
