package dev.relais.testing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Debian's Xdebug, as PHP can load it: from where {@code .ci/setup test} installs it, without enabling it for all, or else out of the package,
 * which is not installed.
 */
public final class Xdebug {
    private Xdebug() {}

    /** The path of the extension's file. */
    public static String path() {
        try {
            Path installed = found(Path.of("/usr/lib/php"));
            if (installed != null) {
                return installed.toString();
            }
            Path place = Path.of("/tmp", "relais-test-xdebug-" + System.getProperty("user.name"));
            synchronized (Xdebug.class) {
                Path unpacked = found(place.resolve("usr/lib/php"));
                return (unpacked == null ? unpack(place) : unpacked).toString();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path found(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return null;
        }
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(folder, "20*")) {
            for (Path version : versions) {
                if (Files.exists(version.resolve("xdebug.so"))) {
                    return version.resolve("xdebug.so");
                }
            }
        }
        return null;
    }

    private static Path unpack(Path place) throws IOException {
        Files.createDirectories(place);
        String script =
                "v=$(php -r 'echo PHP_MAJOR_VERSION, \".\", PHP_MINOR_VERSION;') && apt-get -q download php$v-xdebug"
                        + " && dpkg-deb -x php$v-xdebug_*.deb . && chmod -R go+rX .";
        try {
            Process process = new ProcessBuilder("sh", "-c", script)
                    .directory(place.toFile())
                    .inheritIO()
                    .start();
            if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("php-xdebug is neither installed nor to be had: .ci/setup test");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        Path unpacked = found(place.resolve("usr/lib/php"));
        if (unpacked == null) {
            throw new IOException("the package has no xdebug.so");
        }
        return unpacked;
    }
}
