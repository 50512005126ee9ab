package dev.relais.migration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes sites of a Caddyfile, also one for FrankenPHP. */
final class CaddyImport {
    private CaddyImport() {}

    /** Blocks. */
    static Imported read(Path file) {
        Notes notes = new Notes();
        List<SiteDraft> sites = new ArrayList<>();
        for (Directive block : CaddyReader.read(file, notes)) {
            if (block.name().isEmpty()) {
                block.inside().forEach(option -> option(option, notes));
            } else {
                sites.add(site(block));
            }
        }
        return new Imported("a Caddyfile", Places.apart(sites, notes), notes);
    }

    private static void option(Directive option, Notes notes) {
        switch (option.name()) {
            case "frankenphp" -> {
                if (option.toString().contains("worker")
                        || option.inside().stream().anyMatch(one -> one.is("worker"))) {
                    notes.lost(option.origin(), "Relais has no workers that keep an application in memory");
                } else {
                    notes.needless(option.origin(), "Relais starts PHP itself");
                }
            }
            case "servers" -> {
                if (option.inside().stream().anyMatch(one -> one.is("trusted_proxies"))) {
                    notes.lost(option.origin(), "see relais.http.trusted-proxies");
                } else {
                    notes.needless(option.origin(), "port, TLS and HTTP/2 are quarkus.http.* (src/docs/protocols.md)");
                }
            }
            default -> notes.needless(option.origin(), "Relais has its own limits, buffers and processes");
        }
    }

    private static SiteDraft site(Directive block) {
        SiteDraft site = new SiteDraft();
        List<String> addresses = new ArrayList<>(List.of(block.name()));
        addresses.addAll(block.args());
        String path = "";
        for (String each : addresses) {
            String address = each.replaceFirst(",$", "").replaceFirst("^[a-z]+://", "");
            if (address.isEmpty()) {
                continue;
            }
            int slash = address.indexOf('/');
            path = slash < 0 ? path : address.substring(slash);
            String host = (slash < 0 ? address : address.substring(0, slash))
                    .replaceFirst(":[0-9*{}$A-Z_-]*$", "")
                    .toLowerCase(Locale.ROOT);
            if (HostNames.isName(host) && !host.equals("localhost")) {
                site.hosts.add(host);
            } else if (!host.isEmpty() && !host.equals("localhost") && !host.equals("*")) {
                site.notes.lost(
                        block.origin(), host + " is no name that hosts can have; write the names, or *.example.com");
            }
        }
        new CaddySite(site).read(block.inside());
        if (!path.isEmpty() && !path.equals("/*")) {
            site.notes.lost(block.origin(), "its address has a path; write mount");
        }
        return site;
    }
}
