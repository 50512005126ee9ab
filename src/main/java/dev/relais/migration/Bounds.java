package dev.relais.migration;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How much a site may have of each kind, so that what is printed can be read by the program that printed it. */
final class Bounds {
    private static final int MOST_GLOBS = 100;
    private static final int MOST_RULES = 200;
    private static final int MOST_PATHS = 200;
    /** From which number on names with the same begin are written as one. */
    private static final int MANY = 8;

    private static final int MOST_CHOICES = 40;

    private Bounds() {}

    /** Leaves out, and tells, what is too much. */
    static void keep(SiteDraft site) {
        List<String> deny = folded(folded(List.copyOf(site.deny), "*."), "**/");
        site.deny.clear();
        site.deny.addAll(deny.subList(0, Math.min(deny.size(), MOST_GLOBS)));
        if (deny.size() > MOST_GLOBS) {
            site.notes.guard(
                    all("deny"),
                    "more than " + MOST_GLOBS + " entries: "
                            + String.join(", ", deny.subList(MOST_GLOBS, deny.size())));
        }
        if (site.scriptList.size() > MOST_GLOBS) {
            List<String> some = List.copyOf(site.scriptList).subList(0, MOST_GLOBS);
            site.scriptList.retainAll(Set.copyOf(some));
            site.notes.lost(all("scripts"), "more than " + MOST_GLOBS + " entries; the others run no more");
        }
        if (site.rules.size() > MOST_RULES) {
            site.rules.subList(MOST_RULES, site.rules.size()).clear();
            site.notes.guard(
                    all("rules"), "more than " + MOST_RULES + "; the others are left out, with their refusals");
        }
        if (site.paths.size() > MOST_PATHS) {
            List<String> more = List.copyOf(site.paths.keySet()).subList(MOST_PATHS, site.paths.size());
            site.paths.keySet().removeAll(Set.copyOf(more));
            site.notes.guard(
                    all("paths"), "more than " + MOST_PATHS + "; the others are left out, with their scripts: none");
        }
    }

    private static Origin all(String key) {
        return new Origin("", 0, key, key);
    }

    /** Entries with the same begin and a plain name behind it, as few entries with choices. */
    private static List<String> folded(List<String> globs, String begin) {
        List<String> names = new ArrayList<>();
        Set<String> others = new LinkedHashSet<>();
        for (String glob : globs) {
            String name = glob.startsWith(begin) ? glob.substring(begin.length()) : "";
            if (name.matches("[A-Za-z0-9_.~*-]+")) {
                names.add(name);
            } else {
                others.add(glob);
            }
        }
        if (names.size() < MANY) {
            return globs;
        }
        List<String> all = new ArrayList<>();
        StringBuilder choices = new StringBuilder();
        int count = 0;
        for (String name : names) {
            choices.append(choices.isEmpty() ? "" : ",").append(name);
            if (++count == MOST_CHOICES || choices.length() > 300) {
                all.add(begin + "{" + choices + "}");
                choices.setLength(0);
                count = 0;
            }
        }
        if (!choices.isEmpty()) {
            all.add(count == 1 ? begin + choices : begin + "{" + choices + "}");
        }
        all.addAll(others);
        return all;
    }
}
