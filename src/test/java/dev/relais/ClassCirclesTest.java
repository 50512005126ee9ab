package dev.relais;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Classes that need each other, over however many steps, can only be understood together: two may, more may not. */
@AnalyzeClasses(packages = "dev.relais", importOptions = ImportOption.DoNotIncludeTests.class)
class ClassCirclesTest {
    private static final int MOST = 2;

    /** Rooms whose circles are still to be cut. A room leaves this list for good. */
    private static final Set<String> NOT_YET = Set.of("admission", "gateway", "http");

    @ArchTest
    static void noCircleIsLongerThanTwoClasses(JavaClasses classes) {
        List<Set<String>> tooLong = new ArrayList<>();
        for (Set<String> circle : circles(needs(classes))) {
            if (circle.size() > MOST && circle.stream().noneMatch(name -> NOT_YET.contains(room(name)))) {
                tooLong.add(circle);
            }
        }
        assertEquals(List.of(), tooLong);
    }

    private static String room(String name) {
        String[] parts = name.split("\\.");
        return parts.length > 3 ? parts[2] : "";
    }

    /** What each class needs; a nested one counts as its outermost. */
    private static Map<String, Set<String>> needs(JavaClasses classes) {
        Map<String, Set<String>> needs = new TreeMap<>();
        for (JavaClass one : classes) {
            String from = outermost(one);
            Set<String> of = needs.computeIfAbsent(from, name -> new TreeSet<>());
            for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
                String to = outermost(dependency.getTargetClass().getBaseComponentType());
                if (to.startsWith("dev.relais.") && !to.equals(from)) {
                    of.add(to);
                }
            }
        }
        return needs;
    }

    private static String outermost(JavaClass one) {
        String name = one.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** Classes that reach each other (strongly connected components), by Kosaraju's two walks. */
    private static Collection<Set<String>> circles(Map<String, Set<String>> needs) {
        Map<String, Set<String>> neededBy = new TreeMap<>();
        needs.forEach((from, all) -> all.forEach(
                to -> neededBy.computeIfAbsent(to, name -> new TreeSet<>()).add(from)));
        Deque<String> finished = new ArrayDeque<>();
        Set<String> seen = new TreeSet<>();
        needs.keySet().forEach(name -> walk(name, needs, seen, finished));
        Map<String, Set<String>> circles = new HashMap<>();
        Set<String> placed = new TreeSet<>();
        for (String name : finished) {
            Deque<String> circle = new ArrayDeque<>();
            walk(name, neededBy, placed, circle);
            if (!circle.isEmpty()) {
                circles.put(name, new TreeSet<>(circle));
            }
        }
        return circles.values();
    }

    /** Depth first; the class that is finished last comes first. */
    private static void walk(String name, Map<String, Set<String>> steps, Set<String> seen, Deque<String> finished) {
        if (seen.add(name)) {
            steps.getOrDefault(name, Set.of()).forEach(next -> walk(next, steps, seen, finished));
            finished.push(name);
        }
    }
}
