package dev.relais.sites;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the script in a path that may have something behind it. Blocks. */
final class ScriptWalk {
    private static final String EXTENSION = ".php";

    private ScriptWalk() {}

    /** As {@link #end(String, int, Function, Function)}, on the disk. */
    static int end(String path, int most, Function<String, Path> at) {
        return end(path, most, at, ScriptWalk::attributes);
    }

    /**
     * Walks the segments to the first one that is a script. Nothing can exist behind a name that does not exist, and only a folder may
     * have a script's name and be walked through. So the disk is asked once, and once more for each such folder.
     *
     * @param at where a path of the site lies
     * @param most the index from which on nothing is looked up
     * @param disk gives the attributes of what is at a path; null when nothing is there
     * @return where the script ends; 0 when no segment is called like one; the negative end of the first that is, and is no script
     */
    static int end(
            String path, int most, Function<String, Path> at, Function<Path, @Nullable BasicFileAttributes> disk) {
        for (int from = 0; from < path.length() && from < most; ) {
            int slash = path.indexOf('/', from + 1);
            int end = slash < 0 ? path.length() : slash;
            if (end - from > EXTENSION.length() + 1
                    && path.startsWith(EXTENSION, end - EXTENSION.length())
                    && end < most) {
                BasicFileAttributes there = disk.apply(at.apply(path.substring(0, end)));
                if (there == null || !there.isDirectory()) {
                    return there != null && there.isRegularFile() ? end : -end;
                }
            }
            from = end;
        }
        return 0;
    }

    /** The attributes of what is at this path; null when nothing is there, or nothing that this user may see. */
    private static @Nullable BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException e) {
            return null;
        }
    }
}
