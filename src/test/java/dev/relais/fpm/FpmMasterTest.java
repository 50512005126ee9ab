package dev.relais.fpm;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.fastcgi.MessageBytes;
import dev.relais.process.Host;
import dev.relais.process.WorkerUser;
import dev.relais.testing.Patience;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FpmMasterTest {
    @AutoClose
    private final PhpHost host;

    FpmMasterTest() throws Exception {
        host = new PhpHost();
    }

    @Test
    void thePidScriptAnswersWithTheNumberOfAChildOfTheGroup() throws Exception {
        FpmMaster master = host.start();
        long child = Long.parseLong(host.call(master, host.directory.pidScript()));
        assertEquals(master.pid(), host.proc.stat(child).parent());
        assertEquals(master.pid(), host.proc.stat(child).group());
        assertEquals(
                Long.toString(master.pid()),
                Files.readString(host.directory.pidFile(0, 1)).strip());
    }

    @Test
    void thePidScriptAnswersWhenGetmypidIsDisabledAndAnOutputHandlerIsSet() throws Exception {
        FpmMaster master = host.start(host.launch(
                List.of(),
                Map.of(),
                Map.of("disable_functions", "getmypid", "output_handler", "str_repeat", "output_buffering", "4096")));
        long child = Long.parseLong(host.call(master, host.directory.pidScript()));
        assertEquals(master.pid(), host.proc.stat(child).parent());
    }

    @Test
    void childrenRunAsTheWorkerUserAndOnlyTheGatewayReachesTheSocket() throws Exception {
        FpmMaster master = host.start();
        long child = Long.parseLong(host.call(master, host.directory.pidScript()));
        assertEquals(host.user.uid(), Files.getAttribute(Path.of("/proc/" + child), "unix:uid"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(master.socket())));
    }

    @Test
    void aMasterEndsInOrderAndLeavesNoFile() throws Exception {
        FpmMaster master = host.start();
        host.call(master, host.directory.pidScript());
        master.terminate(Duration.ofSeconds(5)).toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS);
        assertEquals(0, master.onExit().toCompletableFuture().get());
        assertEquals(List.of(), host.proc.group(master.pid()));
        assertFalse(Files.exists(host.directory.pidFile(0, 1)));
        assertFalse(Files.exists(master.socket()));
    }

    @Test
    void aStoppedMasterIsKilledAtTheDeadline() throws Exception {
        FpmMaster master = host.start();
        PhpHost.signal("STOP", master.pid());
        long before = System.nanoTime();
        master.terminate(Duration.ofMillis(300)).toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS);
        assertTrue(System.nanoTime() - before >= 300_000_000L);
        assertEquals(List.of(), host.proc.group(master.pid()));
    }

    @Test
    void theChildrenOfAKilledMasterGoOnServingUntilTheGroupIsKilled() throws Exception {
        FpmMaster master = host.start();
        Path sleep = host.script("sleep.php", "<?php exec('sleep 1000');");
        try (SocketChannel running = TestFastCgi.send(master.socket(), sleep)) {
            await().until(() -> host.proc.group(master.pid()).size() >= 4);
            PhpHost.signal("KILL", master.pid());
            assertEquals(137, master.onExit().toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS));
            assertTrue(host.call(master, host.directory.pidScript()).matches("\\d+"));
            master.killGroup().toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS);
            assertEquals(List.of(), host.proc.group(master.pid()));
            assertFalse(Files.exists(host.directory.pidFile(0, 1)));
            assertTrue(running.isOpen());
        }
    }

    @Test
    void onlyNamedVariablesReachPhpAndWithTheirExactValues() throws Exception {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("QUOTES", "a \"b\" 'c' # d ; e = ${PATH} $HOME \\ %s");
        environment.put("LINES", "one\ntwo\t\u00e9");
        environment.put("EMPTY", "");
        environment.put("NUMBER", "0x1f | 1");
        environment.put("SECRET", "hidden");
        environment.put("PATH", System.getenv("PATH"));
        FpmMaster master =
                host.start(host.launch(List.of("QUOTES", "LINES", "EMPTY", "NUMBER", "ABSENT"), environment, Map.of()));
        Path script = host.script(
                "env.php", "<?php foreach (getenv() as $n => $v) echo $n, '=', base64_encode($v), \"\\n\";");
        String answer = host.call(master, script);
        for (String name : List.of("QUOTES", "LINES", "EMPTY", "NUMBER")) {
            String value =
                    Base64.getEncoder().encodeToString(environment.get(name).getBytes(StandardCharsets.UTF_8));
            assertTrue(answer.lines().toList().contains(name + "=" + value), name + " in " + answer);
        }
        for (String name : List.of("SECRET", "ABSENT", "PATH", "LANG")) {
            assertFalse(answer.contains(name + "="), answer);
        }
    }

    @Test
    void disableFunctionsOfTheUsersIniStaysInForce() throws Exception {
        Path scan = Files.createDirectory(host.base.resolve("conf.d"));
        Files.writeString(scan.resolve("user.ini"), "disable_functions=php_uname\nmemory_limit=77M\n");
        FpmMaster master = host.start(host.launch(List.of(), Map.of("PHP_INI_SCAN_DIR", ":" + scan), Map.of()));
        Path script = host.script(
                "ini.php",
                "<?php echo function_exists('php_uname') ? 'on' : 'off', ' ', ini_get('memory_limit'), ' ',"
                        + " ini_get('max_execution_time'), ' ', ini_get('display_errors');");
        assertEquals("off 77M 0 0", host.call(master, script));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "register_argc_argv=1"})
    void aQueryIsNoCommandLineWhateverPhpIniSays(String ini) throws Exception {
        Path folder = Files.createDirectory(host.base.resolve("ini"));
        Files.writeString(folder.resolve("php.ini"), ini);
        FpmMaster master = host.start(host.launch(List.of(), Map.of("PHPRC", folder.toString()), Map.of()));
        Path script = host.script("argv.php", "<?php echo json_encode([$_SERVER['argv'] ?? null, $argv ?? null]);");
        assertEquals("[null,null]", host.call(master, script));
    }

    @Test
    void phpSettingsWinOverRelaisOwn() throws Exception {
        FpmMaster master = host.start(host.launch(
                List.of(),
                Map.of(),
                Map.of(
                        "memory_limit",
                        "99M",
                        "display_errors",
                        "1",
                        "date.timezone",
                        "Europe/Berlin",
                        "error_reporting",
                        "E_ALL & ~E_NOTICE")));
        Path script = host.script(
                "ini.php",
                "<?php echo ini_get('memory_limit'), ' ', ini_get('display_errors'), ' ', ini_get('date.timezone'), '"
                        + " ', error_reporting() === (E_ALL & ~E_NOTICE) ? 'same' : error_reporting();");
        assertEquals("99M 1 Europe/Berlin same", host.call(master, script));
    }

    /**
     * The script writes one stream after the other, because FPM ends a child's line when it reads from the child's other stream
     * before the end of the line.
     */
    @Test
    void whatChildrenWriteToStandardErrorAndOutputComesWholeLineByLine() throws Exception {
        FpmMaster master = host.start();
        List<Integer> lengths = List.of(1, 1022, 1023, 1024, 1025, 8191, 8192, 8193, 65_535, 65_536, 262_144);
        List<String> lines = new ArrayList<>(lengths.stream().map("x"::repeat).toList());
        lines.addAll(List.of("direct \u001b[31m\r", "second without an end"));
        Comparator<String> order = Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder());
        for (String stream : List.of("stderr", "stdout")) {
            host.said.clear();
            Path script = host.script(
                    stream + ".php",
                    "<?php foreach ([" + lengths.stream().map(String::valueOf).collect(Collectors.joining(","))
                            + "] as $n) file_put_contents('php://" + stream + "', str_repeat('x', $n) . \"\\n\");"
                            + " file_put_contents('php://" + stream
                            + "', \"direct \\x1b[31m\\r\\nsecond without an end\");");
            host.call(master, script);
            await(stream).until(() -> host.said.contains("second without an end"));
            assertEquals(
                    lines.stream().sorted(order).toList(),
                    host.said.stream().sorted(order).toList(),
                    stream);
        }
    }

    @Test
    void linesOfChildrenThatWriteAtOnceDoNotMix() throws Exception {
        FpmMaster master = host.start();
        Path script = host.script(
                "mix.php",
                "<?php for ($i = 0; $i < 50; $i++) file_put_contents('php://stderr', str_repeat($_GET['c'] ?? getmypid()"
                        + " % 2, 5000) . \"\\n\"); echo 'done';");
        CompletableFuture<String> other = CompletableFuture.supplyAsync(() -> call(master, script));
        assertEquals("done", call(master, script));
        assertEquals("done", other.get());
        await().until(() -> host.said.size() == 100);
        assertTrue(host.said.stream().allMatch(l -> l.matches("0{5000}|1{5000}")));
    }

    private String call(FpmMaster master, Path script) {
        try {
            return host.call(master, script);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theLastWordsOfAKilledChildCome() throws Exception {
        FpmMaster master = host.start();
        Path script = host.script(
                "death.php", "<?php error_log('last words'); error_log('really last'); posix_kill(getmypid(), 9);");
        for (int i = 1; i <= 10; i++) {
            assertThrows(Exception.class, () -> host.call(master, script));
            int deaths = i;
            await().until(() -> host.said.size() == 2 * deaths);
        }
    }

    @Test
    void aFloodOnStandardErrorDoesNotStopTheMaster() throws Exception {
        FpmMaster master = host.start();
        Path script = host.script(
                "flood.php",
                "<?php for ($i = 0; $i < 6; $i++) file_put_contents('php://stderr', str_repeat('x', 3600000) . \"\\n"
                        + "\"); echo 'done';");
        assertEquals("done", host.call(master, script));
        await().until(() -> host.said.size() == 6);
        assertTrue(host.said.stream().allMatch(l -> l.length() <= MessageBytes.MOST + 40));
    }

    @Test
    void aRefusedConfigurationIsOneLineWithFpmsOwnWords() {
        FpmSetup setup = new FpmSetup(
                host.php,
                2,
                host.directory,
                new WorkerUser(true, "no-such-user", 4711, "no-such-group", Set.of()),
                List.of(),
                Map.of(),
                Map.of(),
                host.finish,
                Optional.empty(),
                Optional.empty(),
                false,
                FileChecks.EACH_REQUEST);
        FpmLaunch launch = new FpmLaunch(setup, 0, 9);
        Assumptions.assumeTrue(host.user.switched(), "only root may name a user");
        ConfigurationProblem problem =
                assertThrows(ConfigurationProblem.class, () -> FpmMaster.check(launch, host.command));
        assertTrue(problem.getMessage().contains("cannot get uid for user 'no-such-user'"), problem.getMessage());
        assertEquals(1, problem.getMessage().lines().count());
    }

    @Test
    void anAcceptedConfigurationLeavesNothingBehind() throws Exception {
        FpmLaunch launch = host.launch(List.of(), Map.of(), Map.of());
        FpmMaster.check(launch, host.command);
        assertFalse(Files.exists(launch.configFile()));
    }

    @Test
    void nothingStartsOnceTheRunDirectoryIsGone() throws Exception {
        FpmLaunch launch = host.launch(List.of(), Map.of(), Map.of());
        FpmMaster master = FpmMaster.start(
                launch,
                Host.of(
                        builder -> {
                            host.directory.close();
                            return builder.start();
                        },
                        host.command,
                        host.proc),
                (pid, text, logged) -> {},
                host.errors);
        assertTrue(master.onExit().toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS) != 0);
    }
}
