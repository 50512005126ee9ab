package dev.relais.functions;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the application of a resident function is.
 *
 * @param folder the real path of the function's folder; of a function that is one file, the folder that has this file
 * @param script the real path of the script that boots it, where it would be when it is not there; null for the application in the
 *     folder
 */
public record ResidentPlace(Path folder, @Nullable Path script) {
    /** How the folder of a project is called that a web server serves; the code is beside it. */
    private static final Set<String> SERVED = Set.of("public", "web");

    /** What applications write while they run, into files that may look like code. */
    private static final Set<String> WRITTEN = Set.of("var", "storage", "cache", "log", "logs", "tmp", "node_modules");

    /** What an application reads when it boots. */
    private static final Set<String> CODE = Set.of(
            "php", "inc", "phtml", "twig", "yaml", "yml", "xml", "json", "neon", "ini", "env", "xlf", "po", "mo");

    /**
     * What is left out of a look at its project.
     *
     * @param ignored by the configuration
     */
    static Set<String> leftOut(Set<String> ignored) {
        Set<String> all = new HashSet<>(ignored);
        all.addAll(WRITTEN);
        return all;
    }

    /** The real path of the folder whose code it runs. */
    public Path project() {
        Path above = folder.getParent();
        return above != null && SERVED.contains(String.valueOf(folder.getFileName())) ? above : folder;
    }

    /** Whether a file is its code, which children have read that have booted. */
    public boolean isCode(Path file) {
        Path project = project();
        if (!file.startsWith(project) || file.equals(project)) {
            return false;
        }
        Path below = project.relativize(file);
        for (int i = 0; i < below.getNameCount() - 1; i++) {
            if (WRITTEN.contains(below.getName(i).toString())) {
                return false;
            }
        }
        String name = String.valueOf(below.getFileName());
        return CODE.contains(name.substring(name.lastIndexOf('.') + 1)) || name.startsWith(".env");
    }
}
