package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How the function gets to scripts under the real php-fpm, together with the user's own settings. FinishTest tests what it does
 * there.
 */
class FinishFunctionTest {
    @AutoClose
    private final PhpHost host;

    FinishFunctionTest() throws Exception {
        host = new PhpHost();
    }

    private static Map<String, String> opcache(boolean on, String... more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("opcache.enable", on ? "1" : "0");
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private FpmLaunch launch(boolean opcache, Map<String, String> settings) {
        FpmLaunch launch = host.launch(List.of(), Map.of(), settings);
        return opcache ? launch : host.prepending(launch);
    }

    private String run(FpmLaunch launch, String script) throws Exception {
        FpmMaster master = host.start(launch);
        String answer = host.call(master, host.script("run.php", script));
        master.killGroup().toCompletableFuture().join();
        return answer;
    }

    @Test
    void isPreloadedWhereOpcacheWorksAndNowhereElse() throws Exception {
        assertTrue(Preload.isDone(FpmMaster.check(launch(true, opcache(true)), host.command)));
        assertFalse(Preload.isDone(FpmMaster.check(launch(true, opcache(false)), host.command)));
        assertFalse(Preload.isDone(FpmMaster.check(launch(false, opcache(true)), host.command)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isDefinedInPlaceOfPhpFpmsOwn(boolean opcache) throws Exception {
        String script = "<?php echo 'x'; $f = new ReflectionFunction('fastcgi_finish_request'); $r ="
                + " fastcgi_finish_request(); echo $f->isInternal() ? 'own' : 'ours', $r === true ? 'true' : 'false';";
        assertEquals("xourstrue", run(launch(opcache, opcache(opcache)), script));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFunctionOfEarlyHintsIsDefinedUnlessTheUserDisablesIt(boolean opcache) throws Exception {
        String script = "<?php echo function_exists('headers_send') ? headers_send(100) : 'none';";
        assertEquals("3", run(launch(opcache, opcache(opcache)), script));
        assertEquals("none", run(launch(opcache, opcache(opcache, "disable_functions", "headers_send")), script));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theUsersOwnFileIsRunToo(boolean opcache) throws Exception {
        Path own = host.script("own.php", "<?php function own() { return 'own'; } $GLOBALS['seen'] = 'seen';");
        Map<String, String> settings =
                opcache(opcache, opcache ? "opcache.preload" : "auto_prepend_file", own.toString());
        String script = "<?php echo own(), function_exists('fastcgi_finish_request') ? ' and ours' : '';";
        assertEquals("own and ours", run(launch(opcache, settings), script));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theUsersOwnIniFileIsHeeded(boolean opcache) throws Exception {
        Path scan = Files.createDirectory(host.base.resolve("conf.d"));
        Path own = host.script("own.php", "<?php function own() { return 'own'; }");
        Files.writeString(
                scan.resolve("user.ini"),
                "disable_functions=\"php_uname,sys_getloadavg\"\n"
                        + (opcache ? "opcache.preload=" : "auto_prepend_file=") + own + "\n");
        FpmLaunch launch = host.launch(List.of(), Map.of("PHP_INI_SCAN_DIR", ":" + scan), opcache(opcache));
        String script =
                "<?php echo own(); foreach (['php_uname', 'sys_getloadavg', 'fastcgi_finish_request', 'getmypid'] as"
                        + " $f) echo ' ', (int) function_exists($f);";
        assertEquals("own 0 0 1 1", run(opcache ? launch : host.prepending(launch), script));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isNotDefinedWhenTheUserDisablesIt(boolean opcache) throws Exception {
        Map<String, String> settings = opcache(opcache, "disable_functions", "php_uname, fastcgi_finish_request");
        String script =
                "<?php echo (int) function_exists('fastcgi_finish_request'), (int) function_exists('php_uname');";
        assertEquals("00", run(launch(opcache, settings), script));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aScriptMayCallItWhenTheUserDisablesErrorLog(boolean opcache) throws Exception {
        Map<String, String> settings = opcache(opcache, "disable_functions", "error_log");
        assertEquals("xy", run(launch(opcache, settings), "<?php echo 'x'; fastcgi_finish_request(); echo 'y';"));
    }

    @Test
    void leavesNoTraceInAPreloadedScriptsWorld() throws Exception {
        String script = "<?php echo count(get_included_files()), ' ', implode(',', array_diff(array_keys($GLOBALS),"
                + " ['_GET', '_POST', '_COOKIE', '_FILES', '_SERVER', '_ENV', '_REQUEST', 'argv', 'argc']));";
        assertEquals("1 ", run(launch(true, opcache(true)), script));
    }

    @Test
    void theNonceIsNewEachTime() throws Exception {
        FinishFunction other = FinishFunction.write(host.directory, RandomGenerator.getDefault());
        assertFalse(other.mark().nonce().equals(host.finish.mark().nonce()));
        assertTrue(other.mark().nonce().matches("[0-9a-f]{32}"));
        assertTrue(Files.readString(other.prepended()).contains(other.mark().nonce()));
    }
}
