package dev.relais.functions;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** The warnings of one load, each of them one line. No line is kept twice, and their number is bounded. */
final class Warnings {
    private static final int MOST = 100;

    private final Set<String> lines = new LinkedHashSet<>();

    void add(String subject, Object what, String problem) {
        if (lines.size() < MOST) {
            lines.add(subject + " " + FunctionNames.printable(what) + ": " + problem);
        } else {
            lines.add("further warnings are left out");
        }
    }

    void addAll(Warnings others) {
        for (String line : others.lines) {
            if (lines.size() <= MOST) {
                lines.add(line);
            }
        }
    }

    Set<String> lines() {
        return Collections.unmodifiableSet(lines);
    }
}
