package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is tried on the real php-fpm before a master is started. */
class FpmTrialTest {
    @AutoClose
    private final PhpHost host;

    private final List<List<String>> begun = new ArrayList<>();
    private final Command command = new Command(
            builder -> {
                begun.add(List.copyOf(builder.command()));
                return builder.start();
            },
            Duration.ofSeconds(60));

    FpmTrialTest() throws Exception {
        host = new PhpHost();
    }

    private FpmTrial.Checked run(PhpFpm php, Map<String, String> settings) throws Exception {
        FpmSetup setup = new FpmSetup(
                php,
                2,
                host.directory,
                host.user,
                List.of(),
                Map.of(),
                settings,
                host.finish,
                Optional.of(host.preload),
                Optional.empty(),
                false,
                FileChecks.EACH_REQUEST);
        return new FpmTrial(setup, command, System::nanoTime).run("relais-1-0");
    }

    private List<List<String>> tests() {
        return begun.stream().filter(line -> line.contains("-t")).toList();
    }

    /** Each of the two waits for the other one's start. */
    @Test
    void settingsAreAskedForWhileTheConfigurationIsTested() throws Exception {
        Path both = host.script("both.sh", """
                #!/bin/sh
                : >"$(dirname "$0")/began$1"
                until [ -e "$(dirname "$0")/began-i" ] && [ -e "$(dirname "$0")/began-t" ]; do sleep 0.01; done
                exec %s "$@"
                """.formatted(host.php.path()));
        Files.setPosixFilePermissions(both, PosixFilePermissions.fromString("rwxr-xr-x"));
        FpmTrial.Checked checked = run(new PhpFpm(both, host.php.version()), Map.of("opcache.enable", "1"));
        assertTrue(checked.facts().told());
        assertEquals(FileChecks.TOLD, checked.setup().checks());
        assertEquals(1, tests().size(), begun::toString);
    }

    @Test
    void aSetupThatIsNotTheExpectedOneIsTestedItself() throws Exception {
        FpmTrial.Checked checked = run(host.php, Map.of("opcache.enable", "1", "open_basedir", "/srv"));
        assertEquals(2, tests().size(), begun::toString);
        String wider = checked.setup().phpSettings().get("open_basedir");
        assertTrue(wider.startsWith("\"/srv:"), wider);
        assertTrue(tests().get(1).contains("open_basedir=" + wider), begun::toString);
        assertTrue(checked.setup().preload().isPresent());
    }
}
