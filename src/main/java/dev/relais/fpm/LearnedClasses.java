package dev.relais.fpm;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which scripts may be preloaded, by what they declare: only those that do nothing but declare classes, each name of which no other script
 * has, and whose parents, interfaces and traits are PHP's own or preloaded, too. Confined to its user.
 */
final class LearnedClasses {
    /**
     * One script.
     *
     * @param declaresOnly whether it does nothing but declare classes
     * @param classes their names
     * @param needs classes that have to be there before, but for PHP's own
     */
    private record Script(boolean declaresOnly, List<String> classes, List<String> needs) {}

    private final Map<Path, Script> scripts = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new HashMap<>(); // of each class name, in small letters

    void add(Path file, boolean declaresOnly, List<String> classes, List<String> needs) {
        if (scripts.put(file, new Script(declaresOnly, small(classes), small(needs))) == null) {
            for (String name : small(classes)) {
                counts.merge(name, 1, Integer::sum);
            }
        }
    }

    /** As PHP compares names of classes. */
    private static List<String> small(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    /**
     * Scripts, each with the name of its first class.
     *
     * @param used what may be preloaded as far as others know
     */
    Map<Path, String> admitted(Set<Path> used) {
        Map<Path, Script> admitted = new LinkedHashMap<>();
        scripts.forEach((file, script) -> {
            boolean alone = script.classes().stream().allMatch(name -> counts.getOrDefault(name, 0) == 1);
            if (used.contains(file)
                    && script.declaresOnly()
                    && !script.classes().isEmpty()
                    && alone) {
                admitted.put(file, script);
            }
        });
        // Each script that goes may take others along that need its classes.
        boolean more = true;
        while (more) {
            Set<String> there = new HashSet<>();
            admitted.values().forEach(script -> there.addAll(script.classes()));
            more = admitted.values().removeIf(script -> !there.containsAll(script.needs()));
        }
        Map<Path, String> first = new LinkedHashMap<>();
        admitted.forEach((file, script) -> first.put(file, script.classes().get(0)));
        return first;
    }
}
