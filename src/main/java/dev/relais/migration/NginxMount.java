package dev.relais.migration;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a site of a location with a folder of its own ({@code alias}, or another {@code root}). */
final class NginxMount {
    private NginxMount() {}

    /**
     * @param site of the server
     * @param folder the directive that names the folder
     * @return null when it was told of instead
     */
    static @Nullable SiteDraft of(SiteDraft site, NginxLocation location, Directive folder, NginxLocations locations) {
        String prefix = location.text().endsWith("/")
                ? location.text().substring(0, location.text().length() - 1)
                : location.text();
        boolean isMount = !location.isRegex()
                && location.kind() != NginxLocation.Kind.EXACT
                && prefix.matches("(/(?!\\.\\.?(/|$))[A-Za-z0-9._~-]+)+");
        if (location.isRegex() && isBelowOther(location, locations)) {
            location.said().stream().filter(NginxKnown::guards).forEach(one -> NginxKnown.tell(one, site.notes));
            return null; // the location around it has the same folder, and is the site
        }
        if (!isMount
                || !NginxTargets.isConstant(folder.arg(0))
                || !folder.arg(0).startsWith("/")) {
            site.notes.lost(
                    folder.origin(), "a site has one folder; another one can be mounted at a path without variables");
            return null;
        }
        SiteDraft mount = new SiteDraft();
        mount.hosts.addAll(site.hosts);
        mount.mount = prefix;
        String named = folder.arg(0).replaceFirst("/+$", "");
        mount.root = folder.is("alias") ? named : named + prefix;
        fill(mount, location, prefix);
        boolean runs = locations.inOrder().stream()
                .anyMatch(inner -> inner.has("fastcgi_pass")
                        && inner.mayMeet(location)
                        && (inner.rank() == 1 || folder.is("root") && inner.isRegex()));
        if (!runs) {
            mount.scripts = "none";
        }
        return mount;
    }

    private static boolean isBelowOther(NginxLocation location, NginxLocations locations) {
        return location.rank() == 1
                || locations.inOrder().stream()
                        .anyMatch(other -> !other.isRegex()
                                && (other.has("root") || other.has("alias"))
                                && location.text().startsWith("^" + Re2.quote(other.text())));
    }

    private static void fill(SiteDraft mount, NginxLocation location, String prefix) {
        NginxSettings settings = new NginxSettings(mount);
        mount.fallback = "404";
        for (Directive one : location.own()) {
            switch (one.name()) {
                case "alias", "root", "internal" -> {}
                case "try_files" -> mount.fallback = fallback(mount, one, prefix);
                default -> {
                    if (!settings.take(one, mount, List.of("*"))) {
                        NginxKnown.tell(one, mount.notes);
                    }
                }
            }
        }
    }

    private static String fallback(SiteDraft mount, Directive tries, String prefix) {
        String last = tries.arg(tries.args().size() - 1);
        if (last.startsWith("=")) {
            return "404";
        }
        String below = last.startsWith(prefix + "/") ? last.substring(prefix.length()) : last;
        String plain = NginxTargets.withoutQuery(below);
        if (plain.matches("/[^?$\\s{}]+")) {
            return plain;
        }
        mount.notes.lost(tries.origin(), "there is no word for its last part as a fallback");
        return "404";
    }
}
