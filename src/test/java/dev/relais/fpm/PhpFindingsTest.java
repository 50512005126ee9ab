package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.system.Finding;
import dev.relais.system.Finding.Verdict;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhpFindingsTest {
    private static final long MIB = 1 << 20;

    private final Map<String, String> ini = new HashMap<>(Map.of(
            "memory_limit", "128M",
            "max_execution_time", "30",
            "opcache.enable", "On",
            "opcache.max_accelerated_files", "10000",
            "opcache.jit", "tracing",
            "opcache.jit_buffer_size", "0"));
    private final Map<String, String> user = new HashMap<>();
    private boolean generations;
    private int scripts = 10;
    private String version = "8.2.36";

    private Finding find(String name) {
        return new PhpFindings(
                        new PhpFpm(Path.of("/usr/sbin/php-fpm8.2"), version),
                        new PhpFacts(ini, true),
                        RelaisSettings.of(generations ? FileChecks.NEVER : FileChecks.TOLD, false),
                        user,
                        generations,
                        scripts)
                .all().stream()
                        .filter(finding -> finding.name().equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    private void assertFound(Verdict verdict, String name, String inValue) {
        Finding found = find(name);
        assertEquals(verdict, found.verdict(), found::toString);
        assertTrue(found.value().contains(inValue), found::toString);
    }

    @ParameterizedTest
    @CsvSource({"8.2.36, OK", "8.2.32, WARNING", "8.1.34, WARNING", "8.6.0, OK"})
    void aVersionWithAKnownFaultWarns(String which, Verdict verdict) {
        version = which;
        assertFound(verdict, "php version", which);
    }

    @Test
    void aSettingThatPhpDoesNotKnowWarns() {
        assertFound(Verdict.OK, "relais.workers.php-settings", "0 settings");
        user.put("memory_limit", "64M");
        user.put("zend_extension", "some.so");
        assertFound(Verdict.OK, "relais.workers.php-settings", "2 settings");
        user.put("memory_limt", "64M");
        assertFound(Verdict.WARNING, "relais.workers.php-settings", "memory_limt (is memory_limit meant?)");
    }

    @Test
    void anOpcacheThatIsOffOrMissingWarns() {
        assertFound(Verdict.OK, "opcache.enable", "On");
        ini.put("opcache.enable", "Off");
        assertFound(Verdict.WARNING, "opcache.enable", "Off");
        ini.remove("opcache.enable");
        assertFound(Verdict.WARNING, "opcache.enable", "not there");
        user.put("opcache.enable", "1");
        assertFound(Verdict.OK, "opcache.enable", "1");
    }

    @ParameterizedTest
    @CsvSource({"10000, OK", "10001, WARNING"})
    void moreFilesThanOpcacheTakesWarn(int files, Verdict verdict) {
        scripts = files;
        assertFound(verdict, "opcache.max_accelerated_files", "10000, and " + files + " PHP files");
    }

    @Test
    void aJitThatAnExtensionHindersWarns() {
        assertFound(Verdict.OK, "opcache.jit", "off");
        user.put("opcache.jit_buffer_size", "64M");
        assertFound(Verdict.OK, "opcache.jit", "tracing, 64M");
        ini.put("xdebug.mode", "debug");
        assertFound(Verdict.WARNING, "opcache.jit", "tracing, 64M");
        user.put("opcache.jit", "disable");
        assertFound(Verdict.OK, "opcache.jit", "off");
    }

    @Test
    void whenOpcacheLooksAtTheDisk() {
        assertFound(Verdict.OK, "opcache revalidation", "every 2 s");
        user.put("opcache.revalidate_freq", "0");
        assertFound(Verdict.WARNING, "opcache revalidation", "every 0 s");
        user.put("opcache.validate_timestamps", "Off");
        assertFound(Verdict.WARNING, "opcache revalidation", "never");
        generations = true;
        user.clear();
        assertFound(Verdict.OK, "opcache revalidation", "never");
    }

    @ParameterizedTest
    @CsvSource({
        "xdebug.mode, develop, xdebug",
        "pcov.enabled, 1, pcov",
        "uopz.disable, 0, uopz",
        "grpc.enable_fork_support, 0, grpc",
        "swoole.use_shortname, On, swoole",
        "ioncube.loader.encoded_paths, no value, ioncube"
    })
    void anExtensionThatIsKnownToBreakWarns(String setting, String value, String extension) {
        assertFound(Verdict.OK, "php extensions", "none");
        ini.put(setting, value);
        Finding found = find("php extensions");
        assertEquals(Verdict.WARNING, found.verdict());
        assertEquals(extension, found.value());
        assertTrue(found.consequence().startsWith(extension + ": "), found::consequence);
    }

    @ParameterizedTest
    @CsvSource({"xdebug.mode, off", "pcov.enabled, Off", "uopz.disable, 1", "grpc.enable_fork_support, On"})
    void oneThatIsSwitchedOffDoesNot(String setting, String value) {
        ini.put(setting, value);
        assertFound(Verdict.OK, "php extensions", "none");
    }

    @Test
    void whatRelaisOverridesIsToldAndIsNoFault() {
        ini.put("display_errors", "On");
        ini.put("cgi.fix_pathinfo", "1");
        Finding found = find("php.ini settings that Relais overrides");
        assertEquals(Verdict.OK, found.verdict());
        assertEquals("max_execution_time=0 instead of 30, display_errors=0 instead of On", found.value());
        user.put("max_execution_time", "30");
        assertFound(Verdict.OK, "php.ini settings that Relais overrides", "display_errors=0 instead of On");
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', '', '', 136",
        "256, 16, '', '', 272",
        "256, 16, tracing, 64M, 336",
        "256, 16, disable, 64M, 272",
        "256, 16, tracing, 0, 272",
        "nonsense, 8, tracing, 1G, 1160"
    })
    void theSizeOfAnOpcache(String memory, String strings, String jit, String buffer, long mib) {
        Map<String, String> settings = new HashMap<>();
        settings.put("opcache.memory_consumption", memory);
        settings.put("opcache.interned_strings_buffer", strings);
        settings.put("opcache.jit", jit);
        settings.put("opcache.jit_buffer_size", buffer);
        settings.values().removeIf(String::isEmpty);
        assertEquals(mib * MIB, OpcacheSize.of(settings::get));
        settings.put("opcache.enable", "Off");
        assertEquals(0, OpcacheSize.of(settings::get));
    }
}
