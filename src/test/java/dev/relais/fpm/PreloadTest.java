package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order in which the parts of the preload are run, under the real php-fpm. */
@Timeout(60)
class PreloadTest {
    @AutoClose
    private final PhpHost host;

    PreloadTest() throws Exception {
        host = new PhpHost();
    }

    private String run(Preload preload, Map<String, String> settings, String script) throws Exception {
        FpmLaunch launch = host.launch(List.of(), Map.of(), settings);
        FpmSetup setup = launch.setup().withPreload(Optional.of(preload));
        FpmMaster master = host.start(new FpmLaunch(setup, launch.worker(), launch.incarnation()));
        return host.call(master, host.script("run.php", script));
    }

    @Test
    void theUsersOwnStandsBetweenOursAndWhatFollows() throws Exception {
        Path users = host.script("users.php", "<?php if (function_exists('first')) { class Between {} }");
        Preload preload = Preload.write(host.directory, List.of("function first() { return 'first'; }\n"))
                .followedBy(
                        host.directory,
                        "relais-more.php",
                        "if (class_exists('Between')) { class Last extends Between {} }\n");

        assertEquals(
                "first Between",
                run(
                        preload,
                        Map.of("opcache.preload", users.toString()),
                        "<?php echo first(), ' ', get_parent_class('Last');"));
    }

    @Test
    void eachScriptKeepsItsParts() throws Exception {
        Preload one = Preload.write(host.directory, List.of("function first() {}\n"));
        Preload two = one.followedBy(host.directory, "relais-more.php", "function last() {}\n");
        String script = "<?php echo (int) function_exists('first'), (int) function_exists('last');";

        assertEquals("10", run(one, Map.of(), script));
        assertEquals("11", run(two, Map.of(), script));
    }
}
