package dev.relais.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.relais.http.Delivery;
import dev.relais.http.FileCodings;
import dev.relais.http.GatewayConfigs;
import dev.relais.sites.Application;
import dev.relais.sites.Asked;
import dev.relais.sites.DenyList;
import dev.relais.sites.Fallback;
import dev.relais.sites.PathRules;
import dev.relais.sites.PathSettings;
import dev.relais.sites.Place;
import dev.relais.sites.Site;
import dev.relais.telemetry.FileMetersFixture;
import dev.relais.testing.Side;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that is replaced while it is asked for is there all the time, so each answer is one of both, and whole. */
class ReplacedFilesTest {
    /** Files are opened as often as this at least, while another thread replaces them as fast as it can. */
    private static final int OPENS = 60;

    private static final int REPLACEMENTS = 200;

    /** Seconds since 1970: the time of a file is its number after this. */
    private static final long BASE = 1_000_000_000;

    @TempDir
    Path temporary;

    private final FileOpener own = new FileOpener();
    private Path root;
    private int made;

    @BeforeEach
    void makeFolder() throws IOException {
        temporary = temporary.toRealPath();
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        root = Files.createDirectory(temporary.resolve("root"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** How a file takes the place of another one. */
    private enum Way {
        /** By a new one. */
        FILE,
        /** By a new one, or by a link to a new one. */
        LINK,
        /** By one of four, so that each comes again as it was, with its inode, size and time. */
        AGAIN
    }

    /** Puts a new file in this place at once: one of 1 to 4 bytes, whose number its content and its time tell. */
    private void replace(Path file, Way way) throws IOException {
        int number = made++ % 4 + 1;
        Path next = temporary.resolve("next");
        if (way == Way.AGAIN) {
            Path one = temporary.resolve("again" + number);
            Files.createLink(next, Files.exists(one) ? one : fresh(one, number));
        } else {
            fresh(next, number);
        }
        if (way == Way.LINK && number % 2 == 0) {
            Path target = Files.move(
                    next, file.getParent().toRealPath().resolve("target" + number), StandardCopyOption.ATOMIC_MOVE);
            Files.createSymbolicLink(next, target);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path fresh(Path file, int number) throws IOException {
        Files.deleteIfExists(file);
        Files.writeString(file, Integer.toString(number).repeat(number));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(BASE + number)));
    }

    /** Reads the file to its end, and compares what is known of it with what is in it. */
    private static void assertWhole(OpenFile file) throws IOException {
        try {
            String text = file.bytes() == null
                    ? new String(file.read(0, (int) file.size()), StandardCharsets.US_ASCII)
                    : file.bytes().part(0, file.bytes().length()).toString(StandardCharsets.US_ASCII);
            int number = text.charAt(0) - '0';
            assertEquals(Integer.toString(number).repeat(number), text);
            assertEquals(BASE + number, file.stamp().modified());
        } finally {
            file.close();
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    private static void unchecked(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks while another thread replaces. */
    private static void meanwhile(Action replace, Action ask) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger replaced = new AtomicInteger();
        AtomicReference<IOException> failure = new AtomicReference<>();
        Thread replacer = new Thread(() -> {
            try {
                while (!over.get()) {
                    replace.run();
                    replaced.incrementAndGet();
                }
            } catch (IOException e) {
                failure.set(e);
            }
        });
        replacer.start();
        try {
            for (int i = 0; i < OPENS || replaced.get() < REPLACEMENTS && failure.get() == null; i++) {
                ask.run();
            }
        } finally {
            over.set(true);
            replacer.join();
        }
        assertNull(failure.get());
    }

    private FileOpener forPhp() throws IOException {
        FileOpener opener = new FileOpener();
        opener.opensFor(new ReadRights(54_321, Set.of(54_322)));
        return opener;
    }

    @ParameterizedTest
    @CsvSource({"FILE,false", "FILE,true", "AGAIN,false", "AGAIN,true"})
    void whoeverOpensItGetsOneOrTheOther(Way way, boolean isForPhp) throws Exception {
        FileOpener opener = isForPhp ? forPhp() : own;
        Path file = fresh(root.resolve("a.css"), 1);
        meanwhile(() -> replace(file, way), () -> assertWhole(opener.open(file, "a.css", folder -> {})));
    }

    /** However often one looks, there is another one by then. */
    @Test
    void aFileThatIsReplacedAtEachLookIsOpened() throws Exception {
        Path file = fresh(root.resolve("a.css"), 1);
        FileOpener opener = new FileOpener(() -> {
            unchecked(() -> replace(file, Way.FILE));
            return Instant.now().plusSeconds(60); // so that each file counts as settled
        });
        opener.opensFor(new ReadRights(54_321, Set.of(54_322)));
        for (int i = 0; i < 20; i++) {
            assertWhole(opener.open(file, "a.css", folder -> {}));
        }
    }

    /** The rights are those of the file that is open, and not those of one that was there before. */
    @Test
    void aReplacedFileThatMayNotBeReadIsNotOpened() throws Exception {
        Path file = fresh(root.resolve("a.css"), 1);
        AtomicBoolean replaces = new AtomicBoolean(true);
        FileOpener opener = new FileOpener(() -> {
            if (replaces.getAndSet(false)) {
                unchecked(() -> {
                    Path secret = fresh(temporary.resolve("secret"), 2);
                    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
                    Files.move(secret, file, StandardCopyOption.ATOMIC_MOVE);
                });
            }
            return Instant.now();
        });
        opener.opensFor(new ReadRights(54_321, Set.of(54_322)));
        assertThrows(AccessDeniedException.class, () -> opener.open(file, "a.css", folder -> {}));
    }

    private Application site() {
        PathSettings.Builder settings = new PathSettings.Builder();
        settings.precompressed(List.of("gzip"));
        settings.errorPages(Map.of(403, "/403.html"));
        settings.fallback(Fallback.parse("/fallback.html"));
        PathRules rules = new PathRules(settings.build(), List.of(), DenyList.NONE, List.of());
        return new Application(
                "",
                root,
                List.of(),
                List.of(),
                rules,
                new Site("s", List.of(), false, false, root, Map.of()),
                Map.of());
    }

    /** What leads to a file of a site. */
    private enum Asks {
        FILE("/a.css", "a.css"),
        PRECOMPRESSED("/a.css", "a.css.gz"),
        INDEX("/folder/", "folder/index.html"),
        FALLBACK("/nothing", "fallback.html"),
        ERROR("/secret.css", "403.html");

        final String path;
        final String file;

        Asks(String path, String file) {
            this.path = path;
            this.file = file;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSiteAlwaysHasIt(Asks what) throws Exception {
        Files.createDirectory(root.resolve("folder"));
        fresh(root.resolve("a.css"), 1);
        Path hidden = fresh(root.resolve("secret.css"), 3);
        Files.setPosixFilePermissions(root.resolve("folder"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("---------"));
        Path file = fresh(root.resolve(what.file), 1);
        FilePlaces places = new FilePlaces(
                forPhp(), FileCodings.of(GatewayConfigs.of(Map.of())), 0, System::nanoTime, Instant::now);
        Asked asked =
                new Asked(what.path, Integer.MAX_VALUE, "", what.path, "", "", true, false, (target, before) -> null);
        Demand demand = new Demand(site(), asked, List.of("gzip"), false);
        for (Way way : Way.values()) {
            meanwhile(() -> replace(file, way), () -> {
                ApplicationPlace found = places.find(demand, folder -> {});
                assertEquals(Place.Kind.FILE, found.place().kind(), () -> found.toString());
                assertEquals(what == Asks.ERROR, found.failure() != null);
                assertWhole(Objects.requireNonNull(found.file()));
            });
        }
    }

    /** A link is set to another release, and the former one is removed at once, between the look-up and the opening: so many times in a row. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void aReleaseMayBeReplacedBetweenLookUpAndOpening(int times) throws Exception {
        fresh(Files.createDirectory(root.resolve("0")).resolve("a.css"), 1);
        Files.createSymbolicLink(root.resolve("current"), root.resolve("0"));
        FileOpener opener = new FileOpener(() -> Instant.EPOCH); // so that a slow machine does not end the look-ups
        FilePlaces places = new FilePlaces(
                opener, FileCodings.of(GatewayConfigs.of(Map.of())), 1 << 20, System::nanoTime, Instant::now);
        Asked asked = new Asked(
                "/current/a.css",
                Integer.MAX_VALUE,
                "",
                "/current/a.css",
                "",
                "",
                true,
                false,
                (target, before) -> null);
        AtomicInteger release = new AtomicInteger();
        ApplicationPlace found = places.find(new Demand(site(), asked, List.of("identity"), false), folder -> {
            if (release.get() < times) {
                String next = Integer.toString(release.incrementAndGet());
                unchecked(() -> {
                    fresh(Files.createDirectory(root.resolve(next)).resolve("a.css"), 2);
                    lead(next);
                    Side.delete(folder);
                });
            }
        });
        assertNull(found.failure());
        assertEquals(times, release.get());
        assertEquals(2, Objects.requireNonNull(found.file()).size());
        assertWhole(found.file());
    }

    /** Lets the link "current" lead there from now on. */
    private void lead(String release) throws IOException {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), root.resolve(release));
        Files.move(link, root.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The file that a script names is replaced, or the link to its folder. */
    @ParameterizedTest
    @ValueSource(strings = {"file", "link", "again", "folder"})
    void aScriptAlwaysHasTheFileSentThatItNames(String what) throws Exception {
        fresh(Files.createDirectory(root.resolve("one")).resolve("a.css"), 1);
        fresh(Files.createDirectory(root.resolve("two")).resolve("a.css"), 2);
        lead("one");
        Path folder = root.resolve("current");
        SendfileFolders folders = new SendfileFolders(List.of(folder, root), Map.of("/protected/", folder));
        FilePlaces none =
                new FilePlaces(own, FileCodings.of(GatewayConfigs.of(Map.of())), 0, System::nanoTime, Instant::now);
        FileAccess access =
                new FileAccess(folders, own, new FileThreads(FileMetersFixture.in(new SimpleMeterRegistry())), none);
        Path file = folder.resolve("a.css");
        Action replace = () -> {
            if (what.equals("folder")) {
                lead(made++ % 2 == 0 ? "two" : "one");
            } else {
                replace(file, Way.valueOf(what.toUpperCase(Locale.ROOT)));
            }
        };
        for (Delivery delivery : List.of(
                new Delivery(Delivery.SENDFILE, file.toString()),
                new Delivery(Delivery.ACCEL_REDIRECT, "/protected/a.css"))) {
            meanwhile(
                    replace,
                    () -> assertWhole(NamedFile.open(delivery, null, access, entered -> {})
                            .file()));
        }
    }
}
