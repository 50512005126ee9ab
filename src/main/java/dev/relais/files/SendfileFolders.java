package dev.relais.files;

import dev.relais.ConfigurationProblem;
import dev.relais.FileNames;
import dev.relais.http.Delivery;
import dev.relais.http.RequestTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The folders whose files a function may have sent in place of its body, either by {@code X-Sendfile} with an absolute path, or
 * by {@code X-Accel-Redirect} with a path below a prefix that stands for a folder, like an internal location with an alias in
 * nginx. Immutable.
 */
public final class SendfileFolders {
    private static final String DIRECTORIES = "relais.http.sendfile-directories";
    private static final String REDIRECTS = "relais.http.accel-redirects";

    private final List<Path> directories;
    private final Map<String, Path> redirects = new TreeMap<>((one, other) -> {
        int longerFirst = Integer.compare(other.length(), one.length());
        return longerFirst != 0 ? longerFirst : one.compareTo(other);
    });

    /** @throws ConfigurationProblem when a folder is not absolute or not there, or a prefix has no slashes around it */
    public SendfileFolders(List<Path> directories, Map<String, Path> redirects) {
        this.directories = List.copyOf(directories);
        directories.forEach(directory -> check(DIRECTORIES, directory));
        redirects.forEach((prefix, directory) -> {
            if (!prefix.startsWith("/") || !prefix.endsWith("/")) {
                throw new ConfigurationProblem(
                        REDIRECTS + ".\"" + prefix + "\"",
                        directory,
                        "not a prefix",
                        "begin and end it with a slash, like \"/protected/\"");
            }
            check(REDIRECTS + ".\"" + prefix + "\"", directory);
            this.redirects.put(prefix, directory);
        });
    }

    private static void check(String key, Path directory) {
        if (!directory.isAbsolute() || !Files.isDirectory(directory)) {
            throw new ConfigurationProblem(
                    key,
                    directory,
                    directory.isAbsolute() ? "no such directory" : "not an absolute path",
                    "name an existing directory with its whole path");
        }
    }

    /**
     * A file that was named for opening.
     *
     * @param real its real path
     * @param name the last segment of the path by which it was asked for
     */
    public record Named(Path real, String name) {}

    /**
     * Finds the file that a field of a function's head names. Blocks.
     *
     * @param delivery one that names a file
     * @throws AccessDeniedException when it is outside the folders after symlinks are resolved
     * @throws IllegalStateException when the locale of this process cannot express the file's name
     * @throws IOException when it is not there
     */
    public Named find(Delivery delivery) throws IOException {
        String file = Objects.requireNonNull(delivery.file());
        try {
            return Delivery.SENDFILE.equals(delivery.field()) ? sendfile(utf8(file)) : redirect(file);
        } catch (InvalidPathException e) {
            throw new NoSuchFileException(utf8(file), null, "not a path");
        }
    }

    private Named sendfile(String value) throws IOException {
        checkNameable(value);
        Path path = Path.of(value);
        if (path.isAbsolute()) {
            // This is checked before the file system is asked, so that an answer does not show what exists outside.
            for (Path directory : directories) {
                if (path.normalize().startsWith(directory)) {
                    return within(directory, path);
                }
            }
        }
        throw new AccessDeniedException(value, null, "in none of " + DIRECTORIES + "=" + directories);
    }

    private Named redirect(String value) throws IOException {
        int query = value.indexOf('?');
        RequestTarget target = RequestTarget.normalise(value, 0, query < 0 ? value.length() : query, "");
        if (target != null && value.startsWith("/")) {
            checkNameable(target.path());
            for (Map.Entry<String, Path> redirect : redirects.entrySet()) {
                if (target.path().startsWith(redirect.getKey())) {
                    Path directory = redirect.getValue();
                    return within(
                            directory,
                            directory.resolve(
                                    target.path().substring(redirect.getKey().length())));
                }
            }
        }
        throw new NoSuchFileException(utf8(value), null, "below no prefix of " + REDIRECTS + "=" + redirects);
    }

    private static void checkNameable(String path) {
        if (!FileNames.canName(path)) {
            throw new IllegalStateException(FileNames.PROBLEM);
        }
    }

    private static Named within(Path directory, Path path) throws IOException {
        Path folder = directory.toRealPath();
        int names = directory.getNameCount();
        // A link on the way to the folder may lead elsewhere in the next moment, so it is followed only once.
        boolean isBelow = path.startsWith(directory) && path.getNameCount() > names;
        Path real = (isBelow ? folder.resolve(path.subpath(names, path.getNameCount())) : path).toRealPath();
        if (!real.startsWith(folder)) {
            throw new AccessDeniedException(path.toString(), null, "leads out of " + directory);
        }
        if (isNoFile(real)) {
            throw new AccessDeniedException(path.toString(), null, "not a regular file");
        }
        return new Named(real, path.getFileName().toString());
    }

    private static boolean isNoFile(Path real) {
        try {
            return !Files.readAttributes(real, BasicFileAttributes.class).isRegularFile();
        } catch (IOException e) {
            return false; // it has gone meanwhile, as is found when it is opened
        }
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
