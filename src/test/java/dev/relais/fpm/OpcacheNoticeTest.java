package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fpm.OpcacheNotice.Others;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpcacheNoticeTest {
    private static final Path SCRIPT = Path.of("/run/notice.php");

    private static OpcacheNotice of(Set<String> changed, Set<String> doubtful, Others others) {
        return new OpcacheNotice(SCRIPT, changed, doubtful, others);
    }

    @Test
    void twoNoticesBecomeOneThatTellsBoth() {
        OpcacheNotice both = (OpcacheNotice) of(Set.of("/a", "/b"), Set.of("/d"), Others.KEPT)
                .with(of(Set.of("/b", "/c"), Set.of("/e"), Others.KEPT));
        assertEquals(of(Set.of("/a", "/b", "/c"), Set.of("/d", "/e"), Others.KEPT), both);
        assertEquals(Others.DOUBTFUL, ((OpcacheNotice) both.with(of(Set.of(), Set.of(), Others.DOUBTFUL))).others());
        assertEquals(
                Set.of("/a", "/b", "/c"),
                ((OpcacheNotice) both.with(of(Set.of(), Set.of(), Others.DOUBTFUL))).changed());
    }

    @Test
    void moreFilesThanOneParameterHoldsHaveAllTreatedLikeThem() {
        Set<String> many = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            many.add("/srv/functions/some/folder/file-" + i + ".php");
        }
        assertEquals(of(Set.of(), Set.of(), Others.DROPPED), of(many, Set.of(), Others.KEPT));
        assertEquals(of(Set.of(), Set.of(), Others.DOUBTFUL), of(Set.of(), many, Others.KEPT));
        of(many, many, Others.KEPT).request().release();
    }

    @Test
    void aNameThatWouldBreakTheLinesHasAllDropped() {
        assertEquals(of(Set.of(), Set.of(), Others.DROPPED), of(Set.of("/a\n/b"), Set.of(), Others.KEPT));
    }

    @Test
    void aLargestNoticeIsARequestThatCanBeMade() {
        String name = "/" + "ü".repeat(120);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 240; i++) {
            names.add(name + i);
        }
        OpcacheNotice largest = of(names, names, Others.KEPT);
        assertEquals(Others.KEPT, largest.others());
        largest.request().release();
    }

    /** Its class could not be declared a second time. */
    @Test
    void aScriptThatWasPreloadedStaysThoughItsFileChanges() throws Exception {
        try (PhpHost host = new PhpHost()) {
            Path shape = host.script("shape.php", "<?php class Shape { const SIDES = 3; }");
            Path preload = host.script("preload.php", "<?php opcache_compile_file('" + shape + "');");
            Path part = host.script("part.php", "<?php return 1;");
            Path script = host.script(
                    "script.php",
                    "<?php require_once __DIR__ . '/shape.php'; echo Shape::SIDES, ' ', include __DIR__ . '/part.php';");
            for (Path file : List.of(shape, part, script)) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
            }
            FpmLaunch launch = host.launch(List.of(), Map.of(), Map.of("opcache.preload", preload.toString()));
            FpmMaster master = host.start(
                    new FpmLaunch(launch.setup().withChecks(FileChecks.TOLD), launch.worker(), launch.incarnation()));
            Path notice = host.directory.script(RunDirectory.NOTICE_SCRIPT, OpcacheNotice.SCRIPT);
            assertEquals("3 1", host.call(master, script));
            assertEquals("3 1", host.call(master, script));
            host.script("shape.php", "<?php class Shape { const SIDES = 4; }");
            host.script("part.php", "<?php return 2;");
            Files.setLastModifiedTime(part, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
            assertEquals("3 1", host.call(master, script), "opcache does not ask the disk yet");
            for (OpcacheNotice told : List.of(
                    new OpcacheNotice(notice, Set.of(shape.toString(), part.toString()), Set.of(), Others.KEPT),
                    new OpcacheNotice(notice, Set.of(), Set.of(shape.toString(), part.toString()), Others.KEPT),
                    new OpcacheNotice(notice, Set.of(), Set.of(), Others.DOUBTFUL),
                    new OpcacheNotice(notice, Set.of(), Set.of(), Others.DROPPED))) {
                String reply = TestFastCgi.call(master.socket(), told.request());
                assertTrue(told.isTaken(reply), reply);
                assertEquals("3 2", host.call(master, script));
            }
        }
    }

    @Test
    void aFileThatKeepsItsTimeIsForgottenByNameAndWhenMoreHasChangedThanCanBeNamed() throws Exception {
        FileTime time = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        try (PhpHost host = new PhpHost()) {
            Path part = host.script("part.php", "<?php return 0;");
            Files.setLastModifiedTime(part, time);
            Path script = host.script("script.php", "<?php echo include __DIR__ . '/part.php';");
            FpmLaunch launch = host.launch(List.of(), Map.of(), Map.of());
            FpmMaster master = host.start(
                    new FpmLaunch(launch.setup().withChecks(FileChecks.TOLD), launch.worker(), launch.incarnation()));
            Path notice = host.directory.script(RunDirectory.NOTICE_SCRIPT, OpcacheNotice.SCRIPT);
            assertEquals("0", host.call(master, script));
            Set<String> many = new HashSet<>(Set.of(part.toString()));
            for (int i = 0; i < 10_000; i++) {
                many.add("/srv/functions/some/folder/file-" + i + ".php");
            }
            int version = 0;
            for (Set<String> changed : List.of(Set.of(part.toString()), many)) {
                host.script("part.php", "<?php return " + ++version + ";");
                Files.setLastModifiedTime(part, time);
                String reply = TestFastCgi.call(
                        master.socket(), new OpcacheNotice(notice, changed, Set.of(), Others.KEPT).request());
                assertTrue(reply.endsWith("done"), reply);
                assertEquals("" + version, host.call(master, script));
            }
        }
    }

    private static FileChecks checks(FileChecks before, Map<String, String> settings, String... facts)
            throws Exception {
        try (PhpHost host = new PhpHost()) {
            StringBuilder output = new StringBuilder("memory_limit => 128M => 128M\nopcache.enable => On => On\n"
                    + "opcache.validate_timestamps => On => On\nopcache.restrict_api => no value => no value\n");
            for (String fact : facts) {
                output.append(fact).append('\n');
            }
            FpmSetup setup = host.launch(List.of(), Map.of(), settings).setup().withChecks(before);
            return FpmTrial.checks(setup, PhpFacts.of(output.toString()));
        }
    }

    @Test
    void opcacheIsToldOnlyWhereItCanBe() throws Exception {
        FileChecks each = FileChecks.EACH_REQUEST;
        assertEquals(FileChecks.TOLD, checks(each, Map.of()));
        assertEquals(FileChecks.NEVER, checks(FileChecks.NEVER, Map.of()));
        assertEquals(each, checks(each, Map.of(), "opcache.restrict_api => /srv => /srv"));
        assertEquals(each, checks(each, Map.of(), "opcache.enable => Off => Off"));
        assertEquals(each, checks(each, Map.of(), "opcache.file_cache_only => On => On"));
        assertEquals(each, checks(each, Map.of(), "opcache.validate_timestamps => Off => Off"));
        assertEquals(
                each,
                checks(
                        each,
                        Map.of(),
                        "disable_functions => exec,exec, opcache_invalidate => exec,exec, opcache_invalidate"));
        assertEquals(each, checks(each, Map.of("opcache.revalidate_freq", "0")));
        assertEquals(FileChecks.TOLD, checks(each, Map.of("opcache.revalidate_freq", "60")));
    }
}
