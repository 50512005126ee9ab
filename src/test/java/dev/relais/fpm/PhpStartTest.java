package dev.relais.fpm;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the operator reads when settings of the real php-fpm cannot work. */
class PhpStartTest {
    @AutoClose
    private final PhpHost host;

    PhpStartTest() throws Exception {
        host = new PhpHost();
    }

    private FpmLaunch launch(String... settings) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return host.launch(List.of(), Map.of(), all);
    }

    private String problem(FpmLaunch launch) {
        String line = assertThrows(ConfigurationProblem.class, () -> {
                    String said = FpmMaster.check(launch, host.command);
                    new PhpStart(launch, host.command).judge(said);
                })
                .getMessage();
        assertEquals(1, line.lines().count(), line);
        return line;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<?php function broken( { | syntax error",
                "<?php throw new Exception('boom'); | Uncaught Exception: boom",
                "<?php class A extends Missing {} | Class \"Missing\" not found",
                "<?php exit(3); | exit"
            })
    void aPreloadThatFailsIsNamedWithItsFirstReason(String script, String reason) throws Exception {
        Path preload = host.script("preload.php", script);
        String line = problem(launch("opcache.preload", preload.toString()));
        assertTrue(
                line.startsWith("relais.workers.php-settings.\"opcache.preload\"=" + preload) && line.contains(reason),
                line);
    }

    @Test
    void aPreloadThatIsMissingIsNamed() {
        String line = problem(launch("opcache.preload", "/nothing/here.php"));
        assertTrue(line.startsWith("relais.workers.php-settings.\"opcache.preload\"=/nothing/here.php"), line);
    }

    /** As with a read-only /tmp. */
    @Test
    void aFolderForOpcachesLockThatCannotBeWrittenToIsNamedByItsSetting() {
        String line = problem(launch("opcache.lockfile_path", "/nothing/here"));
        assertTrue(line.contains("Unable to create lock file"), line);
        assertTrue(line.contains("let opcache.lockfile_path"), line);
    }

    @Test
    void aPreloadThatHangsIsEndedWithAllItHasStarted() throws Exception {
        Path sign = host.base.resolve("sign");
        Files.createDirectory(sign);
        sign.toFile().setWritable(true, false);
        Path pidFile = sign.resolve("pid");
        Path preload = host.script(
                "hang.php", "<?php file_put_contents('" + pidFile + "', getmypid()); while (true) { sleep(100); }");
        FpmLaunch launch = launch("opcache.preload", preload.toString());
        // Its time begins when the script hangs, not when PHP begins to start.
        Command impatient = new Command(
                builder -> {
                    Process process = builder.start();
                    await().until(() -> Files.exists(pidFile) && Files.size(pidFile) > 0);
                    return process;
                },
                Duration.ofMillis(500));
        String line = assertThrows(ConfigurationProblem.class, () -> FpmMaster.check(launch, impatient))
                .getMessage();
        assertTrue(line.contains("opcache.preload") && line.contains("500 ms"), line);
        long pid = Long.parseLong(Files.readString(pidFile));
        await().until(() -> host.proc.stat(pid) == null || host.proc.stat(pid).ended());
    }

    @ParameterizedTest
    @CsvSource({
        "extension, nope39.so, nope39.so",
        "zend_extension, nope39, nope39",
        "memory_limit, abc, abc",
        "upload_max_filesize, zzz, zzz",
        "date.timezone, Nope/Zone, Nope/Zone",
        "error_reporting, E_ALL & (, syntax error",
        "memory_limit, '1G\"x', syntax error"
    })
    void aValueThatPhpDoesNotTakeIsNamed(String name, String value, String reason) {
        String line = problem(launch("display_startup_errors", "1", name, value));
        assertTrue(line.startsWith("relais.workers.php-settings.\"" + name + "\"=" + value), line);
        assertTrue(line.contains(reason), line);
    }

    @Test
    void anIniFileThatPhpDoesNotUnderstandIsNamed() throws Exception {
        Path scan = Files.createDirectory(host.base.resolve("conf.d"));
        Files.writeString(scan.resolve("user.ini"), "memory_limit=77M\ndisplay_errors=(\ndisable_functions=exec\n");
        String line = problem(host.launch(List.of(), Map.of("PHP_INI_SCAN_DIR", ":" + scan), Map.of()));
        assertTrue(line.contains(scan.resolve("user.ini").toString()), line);
    }

    @Test
    void goodSettingsAreNoProblem() throws Exception {
        FpmLaunch launch = launch("memory_limit", "77M", "date.timezone", "Europe/Berlin");
        new PhpStart(launch, host.command).judge(FpmMaster.check(launch, host.command));
    }

    @Test
    void theSettingsInForceAreKnownByNameAndValue() {
        PhpFacts facts = PhpFacts.ask(launch("open_basedir", "/srv:/tmp"), host.command);
        assertEquals("/srv:/tmp", facts.value("open_basedir"));
        assertNull(facts.value("upload_tmp_dir"));
        assertTrue(facts.knows("memory_limit"));
        assertFalse(facts.knows("memory_limt"));
        assertEquals("memory_limit", facts.like("memory_limt"));
        assertNull(facts.like("apc.nothing_like_this"));
    }
}
