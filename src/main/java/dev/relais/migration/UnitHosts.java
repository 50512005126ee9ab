package dev.relais.migration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which of Unit's steps are for which hosts: patterns in which a star stands for any text, and those after an exclamation mark spare. */
final class UnitHosts {
    private static final Pattern STARS = Pattern.compile("\\*+");

    private UnitHosts() {}

    /**
     * @param steps the hosts of each step that names some
     * @return the hosts of each site: those for which the same steps are; what a step spares is a site, too
     */
    static Collection<List<String>> sites(Set<List<String>> steps) {
        Set<String> names = new LinkedHashSet<>();
        steps.forEach(step -> step.forEach(host -> names.add(spares(host) ? host.substring(1) : host)));
        Map<List<List<String>>, List<String>> sites = new LinkedHashMap<>();
        for (String name : names) {
            List<List<String>> own = steps.stream()
                    .filter(step -> cover(step, List.of(name), true))
                    .toList();
            sites.computeIfAbsent(own, any -> new ArrayList<>()).add(name);
        }
        return sites.values();
    }

    /**
     * Whether a step is for all hosts of a site.
     *
     * @param own hosts of the step; empty for all
     * @param hosts of the site; empty for those that no other site has
     * @param haveSites whether the hosts of the step are those of sites, too
     */
    static boolean cover(List<String> own, List<String> hosts, boolean haveSites) {
        List<String> named = named(own);
        if (own.isEmpty() || hosts.isEmpty()) {
            return own.isEmpty() || haveSites && named.isEmpty();
        }
        return hosts.stream()
                .allMatch(host -> (named.isEmpty() || named.stream().anyMatch(each -> finds(each, host)))
                        && spared(own).stream()
                                .noneMatch(each -> finds(each, host) || !haveSites && finds(host, each)));
    }

    /** Whether a step whose hosts are not those of sites may be for some hosts of a site. */
    static boolean mayMeet(List<String> own, List<String> hosts) {
        List<String> named = named(own);
        return hosts.isEmpty()
                || hosts.stream()
                        .filter(host -> spared(own).stream().noneMatch(each -> finds(each, host)))
                        .anyMatch(host -> named.isEmpty()
                                || named.stream().anyMatch(each -> finds(each, host) || finds(host, each)));
    }

    private static List<String> named(List<String> own) {
        return own.stream().filter(each -> !spares(each)).toList();
    }

    private static List<String> spared(List<String> own) {
        return own.stream()
                .filter(UnitHosts::spares)
                .map(each -> each.substring(1))
                .toList();
    }

    static boolean spares(String host) {
        return host.startsWith("!");
    }

    /** Whether a pattern finds a host, or whatever another pattern does. */
    private static boolean finds(String pattern, String host) {
        if (pattern.indexOf('*') < 0) {
            return pattern.equalsIgnoreCase(host);
        }
        String[] parts = STARS.split(pattern.toLowerCase(Locale.ROOT), -1);
        String text = host.toLowerCase(Locale.ROOT);
        String last = parts[parts.length - 1];
        if (!text.startsWith(parts[0]) || !text.endsWith(last)) {
            return false;
        }
        int at = parts[0].length();
        for (int i = 1; i < parts.length - 1; i++) {
            int found = text.indexOf(parts[i], at);
            if (found < 0) {
                return false;
            }
            at = found + parts[i].length();
        }
        return at <= text.length() - last.length();
    }
}
