package dev.relais.migration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes sites of a {@code .htaccess}, or of the virtual hosts in a file for Apache. */
final class ApacheImport {
    private ApacheImport() {}

    /** Blocks. */
    static Imported read(Path file) {
        Notes notes = new Notes();
        List<Directive> all = ApacheReader.read(file);
        List<Directive> hosts =
                all.stream().filter(one -> one.is("virtualhost")).toList();
        List<SiteDraft> sites = new ArrayList<>();
        if (hosts.isEmpty()) {
            if (!all.isEmpty()) {
                sites.add(folder(file, all));
            }
        } else {
            List<Directive> outside =
                    all.stream().filter(one -> !one.is("virtualhost")).toList();
            hosts.forEach(host -> sites.add(host(host, outside)));
        }
        return new Imported("a configuration of Apache", Places.apart(sites, notes), notes);
    }

    /** The folder that a {@code .htaccess} is in. */
    private static SiteDraft folder(Path file, List<Directive> all) {
        SiteDraft site = new SiteDraft();
        Path folder = file.toAbsolutePath().normalize().getParent();
        boolean isThere = String.valueOf(file.getFileName()).equals(".htaccess") && folder != null;
        site.root = isThere ? String.valueOf(folder) : "/srv/site";
        Origin whole = new Origin(String.valueOf(file.getFileName()), 1, "", "the whole file");
        site.notes.different(
                whole,
                isThere
                        ? "the site answers all hosts; write its hosts"
                        : "write the folder that the file is for as root, and hosts");
        defaults(site);
        new ApacheSections(site, false).read(all);
        return site;
    }

    private static SiteDraft host(Directive host, List<Directive> outside) {
        SiteDraft site = new SiteDraft();
        defaults(site);
        for (Directive one : host.inside()) {
            switch (one.name()) {
                case "servername", "serveralias" -> one.args().forEach(name -> name(site, one, name));
                case "documentroot" ->
                    site.root = one.arg(0).length() > 1 ? one.arg(0).replaceFirst("/+$", "") : one.arg(0);
                default -> {}
            }
        }
        ApacheSections sections = new ApacheSections(site, true);
        sections.read(outside);
        sections.read(host.inside());
        if (site.root == null) {
            site.fallback = null;
            site.missingScripts = null;
        }
        return site;
    }

    private static void name(SiteDraft site, Directive directive, String name) {
        String plain =
                name.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "").replaceFirst(":[0-9]+$", "");
        if (HostNames.isName(plain)) {
            site.hosts.add(plain);
        } else {
            site.notes.lost(directive.origin(), name + " is no name that hosts can have");
        }
    }

    /** Apache has no front controller unless it is told, and asks the rules for scripts that are not there. */
    private static void defaults(SiteDraft site) {
        site.fallback = "404";
    }
}
