package dev.relais.migration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Makes sites of a file for nginx: of a whole one, of servers, or of what stands in one. */
final class NginxImport {
    private NginxImport() {}

    /** Blocks. */
    static Imported read(Path file) {
        Notes notes = new Notes();
        List<Directive> all = NginxReader.read(file, notes);
        List<Directive> outside = new ArrayList<>(all);
        all.stream().filter(one -> one.is("http")).forEach(http -> outside.addAll(http.inside()));
        List<Directive> servers = outside.stream()
                .filter(one -> one.is("server") && one.block() != null)
                .toList();
        List<SiteDraft> sites = new ArrayList<>();
        if (servers.isEmpty()) {
            if (!outside.isEmpty()) {
                sites.addAll(NginxServer.sites(
                        outside.stream().filter(one -> !one.is("http")).toList()));
            }
        } else {
            for (Directive one : outside) {
                if (!one.is("server") && !one.is("http") && !isForServers(one)) {
                    NginxKnown.tell(one, notes);
                }
            }
            for (Directive server : servers) {
                sites.addAll(NginxServer.sites(withOutside(outside, server.inside())));
            }
        }
        return new Imported("a configuration of nginx", Places.apart(sites, notes), notes);
    }

    private static boolean isForServers(Directive one) {
        return !NginxLocations.inherited(List.of(one), List.of()).isEmpty();
    }

    private static List<Directive> withOutside(List<Directive> outside, List<Directive> inside) {
        return Stream.concat(NginxLocations.inherited(outside, inside).stream(), inside.stream())
                .toList();
    }
}
