package dev.relais;

import io.quarkus.runtime.ImageMode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Whether this process can pass every name to the file system. Java encodes names as the locale says. Under {@code LC_ALL=C} it
 * cannot ask for a name beyond ASCII, and under a locale with another encoding than UTF-8 it would ask for another name.
 */
public final class FileNames {
    /**
     * What the operator can do about it; for the log. A native executable keeps the encoding of the locale in which it was built, whatever
     * the locale is in which it starts.
     */
    public static final String REMEDY = ImageMode.current() == ImageMode.JVM
            ? "start Relais with LANG=C.UTF-8 and without LC_ALL"
            : "build the native executable with LANG=C.UTF-8 and without LC_ALL";

    /** The problem and its remedy in one line; for the log. */
    public static final String PROBLEM = "file names beyond ASCII cannot be read in this locale: " + REMEDY;

    private FileNames() {}

    /** Whether names are encoded in UTF-8, as clients encode paths. */
    public static boolean areUtf8() {
        try {
            return Path.of("/\u00e9\u4e2d").toUri().getRawPath().startsWith("/%C3%A9%E4%B8%AD");
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Whether a path reaches the file system as it was sent. */
    public static boolean canName(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) >= 0x80) {
                return areUtf8();
            }
        }
        return true;
    }
}
