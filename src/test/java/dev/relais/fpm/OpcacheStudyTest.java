package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is learned from a real opcache, and what a master makes of it. */
class OpcacheStudyTest {
    private PhpHost host;
    private final List<Path> folder = new ArrayList<>();

    @BeforeEach
    void makeHost() throws Exception {
        host = new PhpHost();
    }

    @AfterEach
    void closeHost() throws Exception {
        host.close();
    }

    private Path put(String name, String php) throws Exception {
        Path file = host.script(name, "<?php\n" + php);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        folder.add(file);
        return file;
    }

    private FpmLaunch launch(FpmSetup setup) {
        FpmLaunch launch = host.launch(List.of(), Map.of(), Map.of());
        return new FpmLaunch(setup, launch.worker(), launch.incarnation());
    }

    private FpmSetup setup() {
        return host.launch(List.of(), Map.of(), Map.of()).setup().withChecks(FileChecks.NEVER);
    }

    private Map<Path, String> learn(FpmMaster master) throws Exception {
        OpcacheStudy study = OpcacheStudy.of(folder, path -> path.startsWith(host.base) ? path : null, host.directory);
        for (ByteBuf request = study.next(); request != null; request = study.next()) {
            byte[] reply = TestFastCgi.call(master.socket(), request).getBytes(StandardCharsets.UTF_8);
            study.take(new String(reply, StandardCharsets.ISO_8859_1)); // as a Trial gives it
        }
        return study.admitted();
    }

    private static Set<String> names(Map<Path, String> learned) {
        return learned.keySet().stream()
                .map(file -> file.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The application's entry: loads all by require_once, which a preloaded class makes needless for an autoloader. */
    private Path entry(String... files) throws Exception {
        StringBuilder php = new StringBuilder("spl_autoload_register(function ($c) { $GLOBALS['loaded'][] = $c;"
                + " require __DIR__ . '/' . strtr($c, '\\\\', '-') . '.php'; });\n");
        for (String file : files) {
            php.append("require_once __DIR__ . '/").append(file).append("';\n");
        }
        return put("entry.php", php + "echo (new App\\Child())->name(), ' ', count($loaded ?? []), ' ', LIMIT;");
    }

    @Test
    void classesThatWereUsedArePreloadedByTheNextMasterAndNothingElseIs() throws Exception {
        put(
                "App-Base.php",
                "declare(strict_types=1);\nnamespace App;\nuse Countable as C;\n/** A base. */\nabstract class Base implements C, Named\n"
                        + "{\n    use Parts;\n    public function count(): int { return 1; }\n}\n\\class_exists(Child::class);");
        put("App-Named.php", "namespace App;\ninterface Named { public function name(): string; }");
        put(
                "App-Parts.php",
                "namespace App;\ntrait Parts { public function name(): string { return \"{$this->count()}\" . static::class; } }");
        put("App-Child.php", "namespace App;\nfinal class Child extends Base {}");
        put("constant.php", "class WithConstant {}\nconst LIMIT = 7;");
        put("unused.php", "class Unused {}");
        put("double.php", "class Twice {}");
        put("other.php", "if (true) { class Twice {} }");
        Path entry = entry("constant.php", "double.php");
        FpmMaster first = host.start(launch(setup()));
        for (int i = 0; i < 6; i++) {
            assertEquals("1App\\Child 4 7", host.call(first, entry)); // on both children
        }

        Map<Path, String> learned = learn(first);
        assertEquals(Set.of("App-Base.php", "App-Child.php", "App-Named.php", "App-Parts.php"), names(learned));

        FpmSetup setup = setup();
        Preload more = setup.preload()
                .orElseThrow()
                .followedBy(host.directory, RunDirectory.learnedScript(2), OpcacheStudy.preload(learned));
        FpmMaster second = host.start(launch(setup.withPreload(Optional.of(more))));
        assertEquals("1App\\Child 0 7", host.call(second, entry));
        assertTrue(host.said.stream().noneMatch(line -> line.contains("preload")), host.said::toString);
    }

    @Test
    void whatTheUsersOwnScriptHasLoadedIsNotLoadedAgain() throws Exception {
        Path own = put("Own.php", "class Own { const ONE = 1; }");
        Path entry = put("entry.php", "require_once __DIR__ . '/Own.php'; echo Own::ONE;");
        Path users = host.script("users.php", "<?php require_once '" + own + "';");
        FpmSetup setup = setup().withPhpSettings(Map.of("opcache.preload", users.toString()));
        Preload more = setup.preload()
                .orElseThrow()
                .followedBy(host.directory, RunDirectory.learnedScript(2), OpcacheStudy.preload(Map.of(own, "own")));
        FpmMaster master = host.start(launch(setup.withPreload(Optional.of(more))));
        assertEquals("1", host.call(master, entry));
    }

    @Test
    void aFileWhoseNameNeedsQuotingIsPreloaded() throws Exception {
        Path odd = put("it's \\ odd.php", "class Odd { const ONE = 1; }");
        Path entry = put("entry.php", "echo class_exists('Odd', false) ? Odd::ONE : 'none';");
        FpmSetup setup = setup();
        Preload more = setup.preload()
                .orElseThrow()
                .followedBy(host.directory, RunDirectory.learnedScript(3), OpcacheStudy.preload(Map.of(odd, "odd")));
        FpmMaster master = host.start(launch(setup.withPreload(Optional.of(more))));
        assertEquals("1", host.call(master, entry));
    }

    @Test
    void whereNothingCanBeAskedNothingIsLearned() throws Exception {
        Path entry = put("entry.php", "echo 'here';");
        FpmMaster master =
                host.start(launch(setup().withPhpSettings(Map.of("disable_functions", "opcache_get_status"))));
        assertEquals("here", host.call(master, entry));
        assertEquals(Map.of(), learn(master));
    }
}
