package dev.relais.packaged;

import dev.relais.testing.Browser;
import dev.relais.testing.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An application as its user sees it: its folder in a functions directory, a folder for what it writes, the packaged gateway,
 * and a browser. It is prepared first, and then started by {@link #start}.
 */
final class Site implements AutoCloseable {
    private static final Set<PosixFilePermission> ALL = PosixFilePermissions.fromString("rwxrwxrwx");

    private final String application;
    private final Path root = directory(Files.createTempDirectory("relais-site"), "rwxr-xr-x");
    private final Path functions = directory(Files.createDirectory(root.resolve("functions")), "rwxr-xr-x");
    private final Map<String, String> settings = new TreeMap<>();
    private PackagedGateway gateway;
    private Browser browser;

    /** @param application the function's name */
    Site(String application) throws IOException {
        this.application = application;
    }

    private static Path directory(Path directory, String permissions) throws IOException {
        return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    }

    /** Makes the application a symlink to its folder. */
    Site link(Path folder) throws IOException {
        Files.createSymbolicLink(functions.resolve(application), folder);
        return this;
    }

    /** Sets the lines under the application's name in {@code functions.yaml}. */
    Site settings(String... lines) throws IOException {
        StringBuilder text = new StringBuilder("functions:\n  " + application + ":\n");
        for (String line : lines) {
            text.append("    ").append(line).append('\n');
        }
        Files.writeString(functions.resolve("functions.yaml"), text);
        return this;
    }

    /**
     * Sets PHP code that runs before each script, by which an application finds its configuration in place of Debian's under
     * /etc.
     */
    Site prepend(String php) throws IOException {
        Path file = Files.writeString(root.resolve("prepend.php"), "<?php\n" + php + "\n");
        settings.put("relais.workers.php-settings.\"auto_prepend_file\"", file.toString());
        return this;
    }

    /** Copies a folder without its symlinks, also over another one; PHP may write to the copy as any user. */
    Path copy(Path folder, String name) throws IOException {
        Path copy = root.resolve(name);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(file -> !Files.isSymbolicLink(file)).toList()) {
                Path target = copy.resolve(folder.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        open(copy);
        return copy;
    }

    /** Makes a folder to which PHP may write as any user. */
    Path folder(String name) throws IOException {
        Path folder = Files.createDirectories(root.resolve(name));
        open(folder);
        return folder;
    }

    /** Lets all users write to this folder and everything below it. */
    static void open(Path top) throws IOException {
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.toList()) {
                Files.setPosixFilePermissions(file, ALL);
            }
        }
    }

    /** A file on the user's side, to upload. */
    Path file(String name, byte[] content) throws IOException {
        return Files.write(Files.createDirectories(root.resolve("home")).resolve(name), content);
    }

    Browser start() throws IOException {
        browser = Browser.start();
        gateway();
        return browser;
    }

    /** Starts without a browser. */
    PackagedGateway gateway() throws IOException {
        gateway = PackagedGateway.start(functions, settings).ready();
        return gateway;
    }

    /** The URL of a path in the application, which begins with a slash. */
    String url(String path) {
        return "http://127.0.0.1:" + gateway.port + "/api/" + application + path;
    }

    /** Keeps a picture of the page in {@code target/screenshots}. */
    void picture(String name) {
        browser.screenshot(Path.of("target", "screenshots", application + "-" + name + ".png"));
    }

    /** The status of a GET that no browser sends. */
    int status(String path) {
        return gateway.get("/api/" + application + path);
    }

    @Override
    public void close() throws Exception {
        try (Browser ignoredBrowser = browser;
                PackagedGateway ignoredGateway = gateway) {
            // each closes what was started
        }
        Side.delete(root);
    }
}
