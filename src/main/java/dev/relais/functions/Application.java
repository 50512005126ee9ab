package dev.relais.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Function;

/**
 * A folder that is served as a whole ({@code application: true}): its static files and its scripts under their own paths, all else
 * by its {@code index.php}. What a path means is looked up on the disk each time, so that a change shows at the next request.
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
        OUTSIDE
    }

    /**
     * @param file the real path of the file or script, or of what is outside; else null
     * @param script the script's path in the folder, such as {@code /lib/exe/css.php}; null when this is no script
     * @param pathInfo what follows it; null when this is no script
     */
    public record Place(Kind kind, Path file, String script, String pathInfo) {
        private static Place of(Kind kind) {
            return new Place(kind, null, null, null);
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

    /** Null when nothing is there, or nothing that this user may see. */
    private static BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException e) {
            return null;
        }
    }

    private Place script(String script, String pathInfo) throws IOException {
        Path real = at(script).toRealPath();
        Kind kind = deny.refusesScript(script) ? Kind.DENIED : fenced(real, Kind.SCRIPT);
        return kind == Kind.SCRIPT ? new Place(kind, real, script, pathInfo) : new Place(kind, real, null, null);
    }

    private Place other(String path) throws IOException {
        if (deny.refuses(path)) {
            return Place.of(Kind.DENIED);
        }
        Path real = at(path).toRealPath();
        BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            return folder(path);
        }
        if (!attributes.isRegularFile() || path.endsWith("/")) {
            return Place.of(Kind.NONE);
        }
        return new Place(deny.refusesFile(path) ? Kind.DENIED : fenced(real, Kind.FILE), real, null, null);
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
        return script ? script(slashed + FunctionNames.INDEX, "") : other(page);
    }

    private Path at(String path) {
        return path.isEmpty() ? root : root.resolve(path.substring(1));
    }

    /** A link inside the folder must not get round the deny list either. */
    private Kind fenced(Path real, Kind kind) {
        if (real.startsWith(root)) {
            String path = "/" + root.relativize(real);
            boolean refused = kind == Kind.SCRIPT ? deny.refusesScript(path) : deny.refusesFile(path);
            return refused ? Kind.DENIED : kind;
        }
        return LinkRule.within(real, links) ? kind : Kind.OUTSIDE;
    }
}
