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
 * A folder that is served as a whole ({@code application: true}): its static files and scripts are reached by their own paths,
 * and its {@code index.php} answers all other paths. Each request asks the disk what its path means, so a change is in force at
 * the next request.
 *
 * @param root the folder's real path
 * @param links where symlinks may lead, besides into the folder itself
 * @param deny what is never served from the folder
 */
public record Application(Path root, List<Path> links, DenyList deny) {
    /** What a path leads to. */
    public enum Kind {
        /** A static file. */
        FILE,
        /** A script other than the front controller. */
        SCRIPT,
        /**
         * A folder with an index, asked for without the slash at the end. The client has to be redirected, since the relative
         * links of the index need that slash.
         */
        FOLDER,
        /** Nothing is at this path, so the front controller answers. */
        NONE,
        /** The path is denied: it is never served. */
        DENIED,
        /** A symlink leads to a place that is not allowed. */
        OUTSIDE,
        /**
         * The path has a character beyond ASCII, and this process cannot pass such a name to the file system
         * ({@link FileNames}).
         */
        UNNAMEABLE
    }

    /**
     * @param file the real path of the file or script, or of the target outside the allowed folders; null for the other kinds
     * @param script the script's path below the folder, such as {@code /lib/exe/css.php}; null when this is no script
     * @param pathInfo the rest of the path behind the script (PATH_INFO, RFC 3875 4.1.5); null when this is no script
     * @param rule the rule that denies the path, in words for the log; null when it is not denied
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
     * Finds what a path leads to. This method asks the file system, so it blocks.
     *
     * @param path percent-decoded and normalised, beginning with a slash; empty for the folder itself
     */
    public Place find(String path) {
        if (!FileNames.canName(path)) {
            return Place.of(Kind.UNNAMEABLE);
        }
        try {
            Place script = script(path, Application::attributes);
            return script != null ? script : other(path);
        } catch (IOException | InvalidPathException e) {
            return Place.of(Kind.NONE); // it is not there, is not readable, or is no name that a file could have
        }
    }

    /**
     * Finds the first script on the path; null when there is none. Nothing can exist behind a name that does not exist, and
     * only a folder may have a script's name and be walked through. So the disk is asked once, and once more for each such
     * folder.
     *
     * @param disk gives the attributes of what is at a path; null when nothing is there
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

    /** The attributes of what is at this path; null when nothing is there, or nothing that this user may see. */
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

    /**
     * The folder's index, which answers every path that nothing else answers. No entry of the deny list closes it: an entry
     * {@code *.php} means the other scripts.
     */
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

    /**
     * Judges the target of a symlink by the same rules as the path that was asked for, so that no symlink bypasses the deny
     * list or the rule on source files.
     */
    private Place judged(Path real, boolean isScript, Place admitted) {
        boolean own = real.startsWith(root);
        Path folder = own ? root : LinkRule.containing(real, links);
        if (folder == null) {
            return new Place(Kind.OUTSIDE, real, null, null, null);
        }
        // The operator has named the folder itself, so its name is not judged. For a file in its place the name is all
        // there is to judge.
        String path = "/" + (real.equals(folder) ? real.getFileName() : folder.relativize(real));
        String rule = isScript ? deny.refusalOfScript(path, own) : deny.refusalOfFile(path, own);
        return rule != null ? Place.denied(rule) : admitted;
    }
}
