package dev.relais;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Circles of classes: each class of a circle depends on each other one, over the others if not directly. A class and those within it
 * count as one. Found by Tarjan's algorithm.
 */
final class ClassCircles {
    private final Map<String, Set<String>> edges = new TreeMap<>();
    private final Map<String, Integer> index = new HashMap<>();
    private final Map<String, Integer> low = new HashMap<>();
    private final ArrayDeque<String> path = new ArrayDeque<>();
    private final Set<String> onPath = new HashSet<>();
    private final List<Set<String>> circles = new ArrayList<>();

    private ClassCircles(JavaClasses classes) {
        for (JavaClass from : classes) {
            Set<String> targets = edges.computeIfAbsent(outermost(from), name -> new TreeSet<>());
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith("dev.relais")) {
                    targets.add(outermost(target));
                }
            }
        }
        for (String one : edges.keySet()) {
            if (!index.containsKey(one)) {
                visit(one);
            }
        }
    }

    /** All circles of two classes and more. */
    static List<Set<String>> of(JavaClasses classes) {
        return new ClassCircles(classes).circles;
    }

    /** The name of the class that stands in a file of its own. */
    static String outermost(JavaClass one) {
        String name = one.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private void visit(String one) {
        index.put(one, index.size());
        low.put(one, index.get(one));
        path.push(one);
        onPath.add(one);
        for (String target : edges.getOrDefault(one, Set.of())) {
            if (!index.containsKey(target)) {
                visit(target);
                low.merge(one, low.get(target), Math::min);
            } else if (onPath.contains(target)) {
                low.merge(one, index.get(target), Math::min);
            }
        }
        if (low.get(one).equals(index.get(one))) {
            Set<String> circle = new TreeSet<>();
            String member;
            do {
                member = path.pop();
                onPath.remove(member);
                circle.add(member);
            } while (!member.equals(one));
            if (circle.size() > 1) {
                circles.add(circle);
            }
        }
    }
}
