package dev.relais.functions;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What {@code relais.functions.ignore} leaves out of a look at the directory. Immutable.
 *
 * @param root the directory, real
 * @param names of files and folders, or paths from the directory on
 */
record LeftOut(Path root, Set<String> names) {
    LeftOut {
        Set<String> plain = new HashSet<>();
        for (String name : names) {
            plain.add(name.replaceFirst("/+$", "")); // a folder may be named as in deny
        }
        names = plain;
    }

    boolean covers(Path entry) {
        return names.contains(entry.getFileName().toString())
                || entry.startsWith(root)
                        && names.contains(root.relativize(entry).toString());
    }
}
