package dev.relais.fpm;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.slot.ErrorPipes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How children of the real php-fpm come to write past their master, and when they do not. */
@Timeout(60)
class ErrorFunctionTest {
    private static final String WRITES = "<?php file_put_contents('php://stderr', \"$_SERVER[QUERY_STRING]\\n\"); echo"
            + " readlink('/proc/self/fd/2');";

    @AutoClose
    private final PhpHost host;

    ErrorFunctionTest() throws Exception {
        host = new PhpHost();
    }

    private FpmMaster start(Map<String, String> settings) throws Exception {
        return host.start(host.launch(List.of(), Map.of(), settings));
    }

    /**
     * As a slot does it.
     *
     * @return what the script answers
     */
    private String prove(FpmMaster master) throws Exception {
        ErrorPipes.Offer offer = host.errors.offer(master.socket());
        String answer =
                TestFastCgi.call(master.socket(), host.directory.pidScript(), Map.of("RELAIS_ERRORS", offer.told()));
        String[] parts = answer.split(" ");
        offer.answered(Long.parseLong(parts[0]), parts.length < 2 ? -1 : Integer.parseInt(parts[1]));
        return answer;
    }

    private String say(FpmMaster master, String text) throws Exception {
        return TestFastCgi.call(master.socket(), host.script("writes.php", WRITES), Map.of("QUERY_STRING", text));
    }

    private Optional<String> hindrance(Map<String, String> settings) throws Exception {
        FpmLaunch launch = host.launch(List.of(), Map.of(), settings);
        return ErrorFunction.hindrance(FpmMaster.check(launch, host.command));
    }

    @Test
    void aChildWritesPastItsMasterFromItsProofOn() throws Exception {
        FpmMaster master = start(Map.of());
        assertTrue(say(master, "before").startsWith("pipe:"));
        assertTrue(prove(master).matches("\\d+ \\d+"));
        assertTrue(prove(master).matches("\\d+ \\d+"), "the other child, or this one again");
        assertTrue(prove(master).matches("\\d+ \\d+"));

        say(master, "after");
        await().until(() -> host.said.contains("before") && host.said.contains("after"));
    }

    @Test
    void aSecondProofKeepsTheFirstPipe() throws Exception {
        FpmMaster master = start(Map.of("opcache.enable", "1"));
        Map<String, String> first = new HashMap<>();
        for (int i = 0; i < 12; i++) {
            String[] answer = prove(master).split(" ");
            String pipe = first.putIfAbsent(answer[0], answer[1]);
            assertTrue(pipe == null || pipe.equals(answer[1]));
        }
        assertTrue(host.errors.offer(master.socket()).told() != null, "offers that were not taken are given back");
    }

    @Test
    void whatWasWrittenJustBeforeTheEndIsThereWhenTheMasterHasEnded() throws Exception {
        FpmMaster master = start(Map.of());
        prove(master);
        prove(master);
        for (int i = 0; i < 10; i++) {
            say(master, "line " + i);
        }
        master.killGroup().toCompletableFuture().join();
        assertEquals(
                10, host.said.stream().filter(line -> line.startsWith("line ")).count());
    }

    @Test
    void scriptsCannotUseIt() throws Exception {
        FpmMaster master = start(Map.of());
        String before = prove(master);
        String call =
                "<?php $_SERVER['SCRIPT_FILENAME'] = '%s'; echo relais_error_pipe('%s'), readlink('/proc/self/fd/2');"
                        .formatted(host.directory.pidScript(), host.directory.errorPipe(0, 1, 1));
        Path script = host.script("call.php", call);
        for (int i = 0; i < 4; i++) {
            assertTrue(host.call(master, script).matches("-1(pipe:.*|.*\\." + before.split(" ")[1] + "\\.err)"));
        }
    }

    @Test
    void programsThatAScriptRunsWriteThereToo() throws Exception {
        FpmMaster master = start(Map.of());
        prove(master);
        prove(master);
        String script = "<?php exec('echo from a program >&2'); echo exec('echo caught 2>&1');"
                + " exec('(echo in the background >&2) > /dev/null &');";
        assertEquals("caught", host.call(master, host.script("exec.php", script)));
        await().until(() -> host.said.containsAll(List.of("from a program", "in the background")));
        assertTrue(!host.said.contains("caught"));
    }

    @ParameterizedTest
    @CsvSource({
        "ffi.enable, 0, FFI API is restricted by \"ffi.enable\" configuration directive",
        "disable_classes, FFI, ",
        "disable_functions, strncmp, Call to undefined function strncmp()",
        "disable_functions, substr, Call to undefined function substr()",
        "disable_functions, strrchr, Call to undefined function strrchr()",
        "disable_functions, max, Call to undefined function max()",
        "disable_functions, get_included_files, Call to undefined function get_included_files()",
        "opcache.enable, 0, PHP does not preload"
    })
    void whyAChildCannotIsSaid(String setting, String value, String reason) throws Exception {
        Optional<String> hindrance = hindrance(Map.of(setting, value));
        assertTrue(hindrance.isPresent());
        if (reason != null) {
            assertEquals(reason, hindrance.get());
        }
        FpmMaster master = start(Map.of(setting, value));
        assertTrue(prove(master).matches("\\d+"), "it answers all the same");
        say(master, "caught");
        await().until(() -> host.said.contains("caught"));
    }

    @Test
    void aPipeThatNobodyReadsHoldsNoChildUp() throws Exception {
        FpmMaster master = start(Map.of());
        String told = host.errors.offer(master.socket()).told();
        Path pipe = Path.of(told.substring(told.indexOf(' ') + 1));
        Files.delete(pipe);
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", "-m", "666", pipe.toString())
                        .start()
                        .waitFor());
        for (int i = 0; i < 4; i++) {
            assertTrue(TestFastCgi.call(master.socket(), host.directory.pidScript(), Map.of("RELAIS_ERRORS", told))
                    .matches("\\d+"));
        }
        assertTrue(say(master, "goes on").startsWith("pipe:"));
    }

    @Test
    void theUsersOwnSettingsDoNotHinder() throws Exception {
        Path own = host.script("own.php", "<?php function own() { return 'own'; }");
        Map<String, String> settings = Map.of(
                "opcache.preload", own.toString(),
                "open_basedir", "\"" + host.base + "\"",
                "error_log", "/proc/self/fd/2",
                "ffi.enable", "1",
                "disable_functions", "readlink,file_put_contents,exec");
        assertEquals(Optional.empty(), hindrance(settings));
        FpmMaster master = start(settings);
        assertTrue(prove(master).matches("\\d+ \\d+"));
        assertTrue(prove(master).matches("\\d+ \\d+"));
        String script = "<?php error_log('by a path'); fwrite(fopen('php://stderr', 'w'), 'by a stream'); echo own();";
        assertEquals("own", host.call(master, host.script("own-log.php", script)));
        await().until(() ->
                host.said.contains("by a stream") && host.said.stream().anyMatch(line -> line.endsWith("by a path")));
    }

    @Test
    void withoutItsPipeAChildGoesOnWritingToItsMaster() throws Exception {
        FpmMaster master = start(Map.of());
        for (int i = 0; i < MasterErrors.count(2); i++) {
            String told = host.errors.offer(master.socket()).told();
            Files.deleteIfExists(Path.of(told.substring(told.indexOf(' ') + 1))); // a cleaner of old files
            assertTrue(TestFastCgi.call(master.socket(), host.directory.pidScript(), Map.of("RELAIS_ERRORS", told))
                    .matches("\\d+"));
        }
        assertTrue(host.errors.offer(master.socket()).told() == null);
        assertTrue(say(master, "still here").startsWith("pipe:"));
        await().until(() -> host.said.contains("still here"));
    }
}
