package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import dev.relais.sites.DenyList;
import dev.relais.sites.Glob;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether the directory can honour what {@code functions.yaml} asks for. A setting that cannot be honoured must not be
 * ignored, because what it was meant to protect would stay open. So the file is refused, and the last good settings stay.
 */
final class SettingsCheck {
    /**
     * At most this many files of an application are searched for paths that match an entry like {@code *.bak}. In a larger
     * application such an entry is not checked.
     */
    private static final int MOST_FILES = 20_000;

    private static final int DEEPEST = 32;

    private final String shown;
    private final Path root;
    private final Map<String, FunctionSettings> named;
    private final Map<String, DirectoryScan.Script> scripts;

    /**
     * @param shown the file's path as messages name it
     * @param root the real path of the directory
     * @param scripts by function name
     */
    SettingsCheck(String shown, Path root, Settings settings, Map<String, DirectoryScan.Script> scripts) {
        this.shown = shown;
        this.root = root;
        this.named = new TreeMap<>(settings.named()); // sorted, so that the same problem comes first each time
        this.scripts = scripts;
    }

    /** Finds the first setting that cannot be honoured; null when all can. Blocks. */
    @Nullable
    ConfigurationProblem unmet() {
        for (Map.Entry<String, FunctionSettings> one : named.entrySet()) {
            String name = one.getKey();
            DirectoryScan.Script script = scripts.get(name);
            ConfigurationProblem problem =
                    script == null ? ofNoFunction(name, one.getValue()) : ofFunction(name, script, one.getValue());
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private @Nullable ConfigurationProblem ofFunction(
            String name, DirectoryScan.Script script, FunctionSettings settings) {
        return settings.application() && !script.folder()
                ? problem(name, ".application", true, "is a file, and application is for folders", "remove the key")
                : ofResident(name, script, settings.resident());
    }

    private @Nullable ConfigurationProblem ofResident(
            String name, DirectoryScan.Script script, @Nullable ResidentSettings wanted) {
        if (wanted == null) {
            return null;
        }
        String key = "." + ResidentKeys.KEY;
        ResidentPlace place = script.resident();
        if (wanted.script() == null) {
            return place == null
                    ? problem(
                            name,
                            key,
                            true,
                            "is a file, and only a folder can have an application that is found by itself",
                            "name the script that boots it, which may be "
                                    + script.real().getFileName())
                    : null;
        }
        if (place == null) {
            return problem(
                    name,
                    key,
                    wanted.script(),
                    "leads out of the functions directory",
                    "put the file itself there, or set allow-symlinks-to");
        }
        return Files.isRegularFile(Objects.requireNonNull(place.script()))
                ? null
                : problem(
                        name, key, wanted.script(), "no such file in " + place.folder(), "add it, or correct the path");
    }

    private @Nullable ConfigurationProblem ofNoFunction(String name, FunctionSettings settings) {
        ResidentSettings resident = settings.resident();
        if ((settings.application() || resident != null) && isFolder(name)) {
            String script = resident == null ? null : resident.script();
            return problem(
                    name,
                    settings.application() ? ".application" : "." + ResidentKeys.KEY,
                    settings.application() || script == null ? true : script,
                    "this folder has no index.php that can be used, so nothing in it is served",
                    "add one, or remove the key");
        }
        String meant = meant(name);
        if (meant != null) {
            return problem(name, "", "{...}", "this is not how the function is named", "write " + meant);
        }
        for (int end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
            DirectoryScan.Script around = scripts.get(name.substring(0, end));
            if (around != null && around.folder()) {
                String outer = name.substring(0, end);
                return problem(name, "", "{...}", "lies in the function " + outer, "set it for " + outer);
            }
        }
        return null; // a name that does not exist yet only gets a warning
    }

    private boolean isFolder(String name) {
        try {
            return Files.isDirectory(root.resolve(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /**
     * Finds the function that a name was probably meant for, if the name differs only in slashes, an extension or the case of
     * letters.
     */
    private @Nullable String meant(String name) {
        String bare = name.replaceAll("/+", "/").replaceAll("^/?(api/)?|/$", "");
        bare = bare.replaceAll("(/index)?\\.php$", "").toLowerCase(Locale.ROOT);
        for (String function : scripts.keySet()) {
            if (function.toLowerCase(Locale.ROOT).equals(bare) && !named.containsKey(function)) {
                return function;
            }
        }
        return null;
    }

    private ConfigurationProblem problem(String name, String key, Object value, String problem, String remedy) {
        return new ConfigurationProblem(
                shown + ": functions." + FunctionNames.printable(name) + key, value, problem, remedy);
    }

    /** Warns of each entry of a {@code deny} that matches nothing in its application. Blocks. */
    void warnOfIdleEntries(Warnings warnings) {
        named.forEach((name, settings) -> {
            DirectoryScan.Script script = scripts.get(name);
            Path root = script == null ? null : script.root();
            if (root == null || settings.deny().isEmpty()) {
                return;
            }
            for (Glob entry : idle(root, settings.deny())) {
                warnings.add("functions.yaml:", name, "deny: " + FunctionNames.printable(entry) + " matches nothing");
            }
        });
    }

    /** The entries of a list that close nothing in a folder. Blocks. */
    static Set<Glob> idle(Path folder, DenyList deny) {
        Set<Glob> idle = new LinkedHashSet<>();
        Set<Glob> wild = new LinkedHashSet<>();
        for (Glob entry : deny.globs()) {
            if (entry.isWild()) {
                wild.add(entry);
            } else if (!isThere(folder, entry.toString())) {
                idle.add(entry);
            }
        }
        if (!wild.isEmpty()) {
            try {
                Files.walkFileTree(
                        folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, new GlobSearch(folder, wild));
                idle.addAll(wild);
            } catch (IOException e) {
                return idle; // it is not known whether they match
            }
        }
        return idle;
    }

    private static boolean isThere(Path folder, String entry) {
        try {
            return Files.exists(folder.resolve(entry), LinkOption.NOFOLLOW_LINKS);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Removes from the entries each that closes a path. */
    private static final class GlobSearch extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Set<Glob> left;
        private int files;

        GlobSearch(Path root, Set<Glob> globs) {
            this.root = root;
            this.left = globs;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return look(folder);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return look(file);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE; // the file is unreadable, or was removed meanwhile
        }

        private FileVisitResult look(Path path) {
            String below = "/" + root.relativize(path);
            left.removeIf(entry -> entry.closes(below));
            if (++files > MOST_FILES) {
                left.clear();
            }
            return left.isEmpty() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }
    }
}
