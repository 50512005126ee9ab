package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.process.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is tried on the real php-fpm before a master is started. */
class FpmTrialTest {
    @AutoClose
    private final PhpHost host;

    /** What {@code -i} shows as colours, in words or cut at a line feed; and what it is asked without. */
    private static final Pattern SHOWN_OTHERWISE = Pattern.compile(
            "highlight\\..*|cli\\.prompt|.*\\.max_links|.*\\.max_persistent|error_prepend_string|opcache\\.preload");

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
        return new FpmTrial(setup(php, settings), command, System::nanoTime).run("relais-1-0");
    }

    private FpmSetup setup(PhpFpm php, Map<String, String> settings) {
        return new FpmSetup(
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
    }

    private List<List<String>> tests() {
        return begun.stream().filter(line -> line.contains("-t")).toList();
    }

    @Test
    void theTestOfTheConfigurationTellsTheSettingsToo() throws Exception {
        FpmTrial.Checked checked = run(host.php, Map.of("opcache.enable", "1", "memory_limit", "77M"));

        assertEquals(1, begun.size(), begun::toString);
        assertEquals(FileChecks.TOLD, checked.setup().checks());
        assertEquals("77M", checked.facts().value("memory_limit"));
        assertTrue(checked.facts().isOn("opcache.enable"));
        assertFalse(checked.facts().isOn("register_argc_argv"));
        assertNull(checked.facts().value("open_basedir"));
    }

    /** What both ways tell of every setting that there is. */
    @Test
    void theSettingsAreThoseThatPhpPrints() throws Exception {
        Map<String, String> settings = Map.of(
                "opcache.enable", "1", "error_prepend_string", "\"PHP Fatal error:  not one\nrelais-preloaded\"");
        PhpFacts told = run(host.php, settings).facts();
        FpmLaunch launch = FpmLaunch.trial(setup(host.php, settings).withChecks(FileChecks.TOLD));

        PhpFacts printed = PhpFacts.ask(launch, command);

        Set<String> differing = new TreeSet<>();
        for (String name : told.values().keySet()) {
            String value = told.value(name);
            String other = printed.value(name);
            boolean same = Objects.equals(value, other)
                    || List.of("On", "Off").contains(String.valueOf(other)) && printed.isOn(name) == told.isOn(name);
            if (!same && !SHOWN_OTHERWISE.matcher(name).matches()) {
                differing.add(name + ": " + value + " " + other);
            }
        }
        assertTrue(told.values().size() > 150, told::toString);
        assertEquals(Set.of(), differing);
    }

    @Test
    void phpThatMayNotTellItsSettingsToAScriptIsAskedForThem() throws Exception {
        FpmTrial.Checked checked = run(host.php, Map.of("opcache.enable", "1", "disable_functions", "ini_get_all"));

        assertEquals(
                List.of("-t", "-i"), begun.stream().map(line -> line.get(1)).toList());
        assertTrue(String.valueOf(checked.facts().value("disable_functions")).startsWith("ini_get_all"));
        assertTrue(checked.setup().preload().isPresent());
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
