package dev.relais.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A folder that is served as a whole ({@code application: true}): its static files and scripts have their own paths, and its
 * {@code index.php} answers all other paths. What a path means is looked up on the disk each time, so that a change shows at the next
 * request.
 *
 * @param root the folder's real path
 * @param links where symlinks may lead, besides into the folder itself
 * @param deny what is not served
 */
public record Application(Path root, List<Path> links, DenyList deny) {
    /** What a path is. */
    public enum Kind {
        /** A static file. */
        FILE,
        /** A script of its own. */
        SCRIPT,
        /** A folder with an index, without the slash at the end that its relative links need. */
        FOLDER,
        /** Not there: the front controller's. */
        NONE,
        /** Never to be served. */
        DENIED,
        /** A symlink leads out of where it may lead. */
        OUTSIDE,
        /** A name beyond ASCII, which this process cannot give the file system ({@link FileNames}). */
        UNNAMEABLE
    }

    /**
     * @param file the real path of the file or script, or of what is outside; else null
     * @param script the script's path in the folder, such as {@code /lib/exe/css.php}; null when this is no script
     * @param pathInfo what follows it; null when this is no script
     * @param rule what denies it, in words for the log; null when it is not denied
     */
    public record Place(
            Kind kind,
            @Nullable Path file,
            @Nullable String script,
            @Nullable String pathInfo,
            @Nullable String rule) {
        private static Place of(Kind kind) {
            return new Place(kind, null, null, null, null);
        }

        /** The real path of the file, the script or what is outside; only when this is one of them. */
        public Path real() {
            return Objects.requireNonNull(file);
        }

        private static Place denied(String rule) {
            return new Place(Kind.DENIED, null, null, null, rule);
        }
    }

    public Application {
        links = List.copyOf(links);
    }

    /**
     * Blocks: asks the file system.
     *
     * @param path decoded and normalised, begins with a slash; empty for the folder itself
     */
    public Place find(String path) {
        if (!FileNames.canName(path)) {
            return Place.of(Kind.UNNAMEABLE);
        }
        try {
            Place script = script(path, Application::attributes);
            return script != null ? script : other(path);
        } catch (IOException | InvalidPathException e) {
            return Place.of(Kind.NONE); // not there, not readable, or no name that a file could have
        }
    }

    /**
     * The first script on the path; null when there is none. What follows a name that is not there is not there either, and only a
     * folder may be called like a script and be passed: so the disk is asked once, and once more for each such folder.
     *
     * @param disk what is at a path; null when nothing is
     */
    @Nullable
    Place script(String path, Function<Path, BasicFileAttributes> disk) throws IOException {
        int end = path.indexOf(FunctionNames.EXTENSION);
        while (end >= 0) {
            end += FunctionNames.EXTENSION.length();
            if (end == path.length() || path.charAt(end) == '/') {
                String begin = path.substring(0, end);
                BasicFileAttributes there = disk.apply(at(begin));
                if (there == null || !there.isDirectory()) {
                    return there != null && there.isRegularFile() ? script(begin, path.substring(end)) : null;
                }
            }
            end = path.indexOf(FunctionNames.EXTENSION, end);
        }
        return null;
    }

    /** What is there; null when nothing is, or nothing that this user may see. */
    private static @Nullable BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException e) {
            return null;
        }
    }

    private Place script(String script, String pathInfo) throws IOException {
        String rule = deny.refusalOfScript(script, true);
        return rule != null ? Place.denied(rule) : script(at(script).toRealPath(), script, pathInfo);
    }

    private Place script(Path real, String script, String pathInfo) {
        return judged(real, true, new Place(Kind.SCRIPT, real, script, pathInfo, null));
    }

    private Place other(String path) throws IOException {
        String rule = deny.refusal(path);
        if (rule != null) {
            return Place.denied(rule);
        }
        Path real = at(path).toRealPath();
        BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            return folder(path);
        }
        if (!attributes.isRegularFile() || path.endsWith("/")) {
            return Place.of(Kind.NONE);
        }
        rule = deny.refusalOfFile(path, true);
        return rule != null ? Place.denied(rule) : judged(real, false, new Place(Kind.FILE, real, null, null, null));
    }

    private Place folder(String path) throws IOException {
        String slashed = path.endsWith("/") ? path : path + "/";
        boolean script = Files.isRegularFile(at(slashed + FunctionNames.INDEX));
        String page = slashed + "index.html";
        if (!script && !Files.isRegularFile(at(page))) {
            return Place.of(Kind.NONE);
        }
        if (!path.endsWith("/")) {
            return Place.of(Kind.FOLDER);
        }
        if (path.equals("/") && script) {
            return frontController();
        }
        return script ? script(slashed + FunctionNames.INDEX, "") : other(page);
    }

    /** The index. It answers what nothing else does, so no entry of the deny list closes it: {@code *.php} means the other scripts. */
    private Place frontController() throws IOException {
        String script = "/" + FunctionNames.INDEX;
        Path real = at(script).toRealPath();
        boolean admitted = real.startsWith(root) || LinkRule.within(real, links);
        return admitted
                ? new Place(Kind.SCRIPT, real, script, "", null)
                : new Place(Kind.OUTSIDE, real, null, null, null);
    }

    private Path at(String path) {
        return path.isEmpty() ? root : root.resolve(path.substring(1));
    }

    /** What a link leads to is judged as what was asked for: a link must get round neither the deny list nor the names of sources. */
    private Place judged(Path real, boolean isScript, Place admitted) {
        boolean own = real.startsWith(root);
        Path folder = own ? root : LinkRule.containing(real, links);
        if (folder == null) {
            return new Place(Kind.OUTSIDE, real, null, null, null);
        }
        // The folder itself is what the operator has named, whatever its name; a file in its place has only its name.
        String path = "/" + (real.equals(folder) ? real.getFileName() : folder.relativize(real));
        String rule = isScript ? deny.refusalOfScript(path, own) : deny.refusalOfFile(path, own);
        return rule != null ? Place.denied(rule) : admitted;
    }
}
