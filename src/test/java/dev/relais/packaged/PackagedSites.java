package dev.relais.packaged;

import dev.relais.testing.Browser;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;

/**
 * A packaged gateway whose sites are recipes of src/main/sites, each at / of a host below {@code localhost}, which a browser finds here without
 * being told. Sites are added first, then {@link #start} is called.
 */
final class PackagedSites implements AutoCloseable {
    private final Path base = Files.createTempDirectory("relais-sites-").toRealPath();
    private final StringBuilder yaml = new StringBuilder("sites:\n");
    private final Map<String, String> settings = new TreeMap<>();
    private PackagedGateway gateway;
    private Browser browser;

    PackagedSites() throws IOException {
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /**
     * Adds a recipe for the host {@code <name>.localhost}.
     *
     * @param lines what the site has besides
     */
    PackagedSites add(String recipe, String name, Path root, String... lines) throws IOException {
        String text = Files.readString(Path.of("src/main/sites", recipe + ".yaml"))
                .replaceFirst("(?s)^.*?sites:\n  \\S+:\n", "")
                .replaceFirst("    hosts: .*\n", "    hosts: [" + name + ".localhost]\n")
                .replaceFirst("    root: .*\n", Matcher.quoteReplacement("    root: " + root + "\n"));
        yaml.append("  ").append(name).append(":\n").append(text);
        for (String line : lines) {
            yaml.append("    ").append(line).append('\n');
        }
        return this;
    }

    /** Copies a folder with what its links lead to; links that lead nowhere are left out. PHP may write to the copy as any user. */
    Path copy(Path folder, String name) throws IOException {
        Path copy = base.resolve(name);
        Files.walkFileTree(
                folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes)
                            throws IOException {
                        Files.createDirectories(
                                copy.resolve(folder.relativize(from).toString()));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path from, BasicFileAttributes attributes) throws IOException {
                        if (attributes.isRegularFile()) {
                            Files.copy(
                                    from,
                                    copy.resolve(folder.relativize(from).toString()),
                                    StandardCopyOption.REPLACE_EXISTING);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path from, IOException failed) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        Site.open(copy);
        return copy;
    }

    /** Makes a folder to which PHP may write as any user. */
    Path folder(String name) throws IOException {
        Path folder = Files.createDirectories(base.resolve(name));
        Site.open(folder);
        return folder;
    }

    /** Sets PHP code that runs before each script, as {@link Site#prepend} does. */
    PackagedSites prepend(String php) throws IOException {
        settings.put(
                "relais.workers.php-settings.\"auto_prepend_file\"",
                file("prepend.php", "<?php\n" + php + "\n").toString());
        return this;
    }

    Path file(String name, String text) throws IOException {
        return Files.writeString(base.resolve(name), text);
    }

    Browser start() throws IOException {
        Path functions = Files.createDirectory(base.resolve("functions"));
        Files.writeString(functions.resolve("functions.yaml"), yaml);
        browser = Browser.start();
        settings.put("relais.sites.state-directory", base.resolve("state").toString());
        gateway = PackagedGateway.start(functions, settings).ready();
        return browser;
    }

    String url(String name, String path) {
        return "http://" + name + ".localhost:" + gateway.port + path;
    }

    /** The status of a GET that no browser sends. */
    int status(String name, String path) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port)) {
            return client.head("GET " + path + " HTTP/1.1", "Host: " + name + ".localhost", "Connection: close")
                    .answer()
                    .status();
        }
    }

    /** Keeps a picture of the page in {@code target/screenshots}. */
    void picture(String name) {
        browser.screenshot(Path.of("target", "screenshots", "site-" + name + ".png"));
    }

    @Override
    public void close() throws Exception {
        try (Browser ignoredBrowser = browser;
                PackagedGateway ignoredGateway = gateway) {
            // each closes what was started
        }
        Side.delete(base);
    }
}
