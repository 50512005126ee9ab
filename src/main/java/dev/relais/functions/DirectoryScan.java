package dev.relais.functions;

import dev.relais.sites.LinkTargets;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One walk through the functions directory, which finds the scripts and their names. An object serves for one scan, on one
 * thread.
 *
 * <p>A folder with an {@code index.php} is one function. The scan does not look inside it, so an application's own classes
 * never become functions. That also holds when its {@code index.php} is not usable, such as a symlink that leads outside.
 */
final class DirectoryScan {
    /** How many folders may be nested, so that the stack and the names stay small. */
    private static final int DEEPEST = 16;

    /**
     * A script that was found.
     *
     * @param real its real path
     * @param root the real path of its folder; null for a file
     * @param links where symlinks of this function may lead, real
     * @param version differs when another file takes the place of this one
     * @param resident where the application is that stays in memory; null when none does, or when it leads out of its folder
     */
    record Script(
            Path real,
            @Nullable Path root,
            List<Path> links,
            String version,
            @Nullable ResidentPlace resident) {
        boolean folder() {
            return root != null;
        }
    }

    private final int most;
    private final Traces traces;
    private final Warnings warnings;
    private final Path root;
    private final LinkRule rule;

    @SuppressWarnings("NullAway.Init") // by run, before anything is looked at
    private Settings settings;

    private final Map<String, Script> scripts = new HashMap<>();
    private final Set<Path> ancestors = new HashSet<>();
    private int directories;

    /**
     * @param directory the functions directory; may be a symlink
     * @param allowed where else symlinks may lead
     * @param most the most functions; at most twice as many folders are looked into, since symlinks can make endlessly many out
     *     of a few
     * @throws IOException when the directory is not there
     */
    DirectoryScan(Path directory, List<Path> allowed, int most, Traces traces, Warnings warnings) throws IOException {
        this.most = most;
        this.traces = traces;
        this.warnings = warnings;
        this.root = directory.toRealPath();
        traces.follow(directory);
        this.rule = new LinkRule(root, allowed, traces, warnings);
        if (FunctionNames.problem(root.toString()) != null) {
            throw new IOException(FunctionNames.printable(root) + " has " + FunctionNames.problem(root.toString()));
        }
    }

    /** The real path of the functions directory. */
    Path root() {
        return root;
    }

    /**
     * The scripts by function name.
     *
     * @param known what functions.yaml says
     * @throws IOException when a directory cannot be read or vanishes meanwhile, or when there are too many functions; what was
     *     found until then is of no use
     */
    Map<String, Script> run(Settings known) throws IOException {
        settings = known;
        walk(root, "");
        leaveOutWorkers();
        return scripts;
    }

    private void walk(Path directory, String prefix) throws IOException {
        if (++directories > 2L * most + 100) {
            throw new IOException("more than " + directories + " folders (symlinks that lead to each other?);"
                    + " remove some or raise relais.functions.max-count=" + most);
        }
        Stamp stamp = traces.stamp(directory);
        List<Path> entries = list(directory);
        ancestors.add(directory);
        for (Path entry : entries) {
            try {
                look(entry, prefix + entry.getFileName());
            } catch (AccessDeniedException e) {
                // This may be lost+found at the root of a volume. It is permanent, and no reason to serve nothing at
                // all.
                traces.unreadable(entry);
                warnings.add("functions:", entry, "left out, this user may not read it");
            } catch (NoSuchFileException e) {
                // One entry may vanish during the scan: the directory's time is then recent, so the next poll scans
                // again. The directory itself may not vanish.
                if (!isStill(directory, stamp)) {
                    throw new IOException(directory + " was removed or replaced during the scan");
                }
            }
        }
        ancestors.remove(directory);
    }

    private static boolean isStill(Path directory, Stamp stamp) throws IOException {
        return Files.exists(directory)
                && Objects.equals(
                        stamp.fileKey(),
                        Files.readAttributes(directory, BasicFileAttributes.class)
                                .fileKey());
    }

    private void look(Path entry, String name) throws IOException {
        String segment = entry.getFileName().toString();
        if (FunctionNames.excluded(segment)) {
            return;
        }
        BasicFileAttributes attributes =
                Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Path real = entry;
        if (attributes.isSymbolicLink()) {
            real = target(entry, name);
            if (real == null) {
                return;
            }
            attributes = Files.readAttributes(real, BasicFileAttributes.class);
        }
        boolean script = attributes.isRegularFile() && FunctionNames.isScript(segment);
        if (!script && !attributes.isDirectory()) {
            return;
        }
        String problem = FunctionNames.problem(segment);
        if (problem != null) {
            warnings.add("functions:", entry, "left out, it has " + problem);
        } else if (script) {
            String function = withoutExtension(name);
            found(
                    function,
                    new Script(
                            real,
                            null,
                            links(function),
                            Stamp.of(attributes).version(),
                            resident(function, Objects.requireNonNull(real.getParent()), false)));
        } else {
            folder(entry, real, name);
        }
    }

    private void folder(Path entry, Path real, String name) throws IOException {
        Path index = real.resolve(FunctionNames.INDEX);
        if (Files.exists(index, LinkOption.NOFOLLOW_LINKS)) {
            Path script = target(index, name);
            if (script != null && Files.isRegularFile(script)) {
                found(
                        name,
                        new Script(
                                script, real, links(name), traces.stamp(script).version(), resident(name, real, true)));
            }
        } else if (settings.of(name).application() || settings.of(name).resident() != null) {
            // No script inside an application is a function of its own, even while the application's index.php is
            // missing.
            traces.stamp(real);
        } else if (ancestors.contains(real)) {
            warnings.add("functions:", entry, "left out, this symlink leads back to a folder it is in");
        } else if (ancestors.size() > DEEPEST) {
            warnings.add("functions:", entry, "left out, deeper than " + DEEPEST + " folders");
        } else {
            walk(real, name + "/");
        }
    }

    private void found(String name, Script script) throws IOException {
        if (FunctionNames.problem(script.real().toString()) != null) {
            String problem = FunctionNames.problem(script.real().toString());
            warnings.add("functions:", script.real(), "left out, there is " + problem + " or a folder's");
            return;
        }
        Script other = scripts.get(name);
        if (other != null) {
            warnings.add(
                    "functions:", name, "both " + name + ".php and " + name + "/index.php are there; the file is used");
        }
        if (other == null || !script.folder()) {
            scripts.put(name, script);
        }
        if (scripts.size() > most) {
            throw new IOException(
                    "more than " + most + " functions; remove some or raise relais.functions.max-count=" + most);
        }
    }

    /**
     * Where the application of a function is.
     *
     * @param folder of the function, real
     * @param whole whether the function is the folder
     */
    private @Nullable ResidentPlace resident(String function, Path folder, boolean whole) throws IOException {
        ResidentSettings wanted = settings.of(function).resident();
        if (wanted == null) {
            return null;
        }
        if (wanted.script() == null) {
            return whole ? new ResidentPlace(folder, null) : null;
        }
        Path script = folder.resolve(wanted.script());
        Path real = traces.follow(script);
        if (real == null) {
            return new ResidentPlace(folder, script); // which is told as a mistake, or was removed since it was read
        }
        traces.stamp(real);
        boolean inside = real.startsWith(folder) || rule.admits(real) || LinkTargets.within(real, links(function));
        return inside ? new ResidentPlace(folder, real) : null;
    }

    /** A script that boots the application of a function is not a function itself. */
    private void leaveOutWorkers() {
        Set<Path> workers = new HashSet<>();
        for (Script script : scripts.values()) {
            if (script.resident() != null && script.resident().script() != null) {
                workers.add(script.resident().script());
            }
        }
        scripts.values().removeIf(script -> script.resident() == null && workers.contains(script.real()));
    }

    private static String withoutExtension(String name) {
        return name.substring(0, name.length() - FunctionNames.EXTENSION.length());
    }

    /** Where the symlinks of one function may lead, besides where all may. */
    private List<Path> links(String function) {
        List<Path> real = new ArrayList<>();
        for (Path link : settings.of(function).allowSymlinksTo()) {
            Path folder = traces.follow(link);
            if (folder == null) {
                warnings.add("functions.yaml: allow-symlinks-to", link, "no such folder, so no symlink may lead there");
            } else {
                real.add(folder);
            }
        }
        return real;
    }

    /**
     * Where a path leads; null when it leads nowhere or where it must not.
     *
     * @param name the name of the function that the path belongs to, or of its file
     */
    private @Nullable Path target(Path link, String name) {
        Path real = traces.follow(link);
        boolean matters = FunctionNames.isScript(link.getFileName().toString());
        String function = FunctionNames.isScript(name) ? withoutExtension(name) : name;
        if (real == null) {
            if (matters) {
                warnings.add("functions:", link, "left out, this symlink leads nowhere");
            }
        } else if (!rule.admits(real) && !LinkTargets.within(real, links(function))) {
            if (matters || Files.isDirectory(real)) {
                warnings.add(
                        "functions:",
                        link,
                        "left out, this symlink leads out of the functions directory to "
                                + FunctionNames.printable(real)
                                + " (relais.functions.allow-symlinks-to would allow it)");
            }
            real = null;
        }
        return real;
    }

    static List<Path> list(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(null); // the same warnings in the same order every time
        return entries;
    }
}
