package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.functions.NewFunction;
import dev.relais.migration.ImportMode;
import dev.relais.system.DoctorMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModesTest {
    /** Anything but serving: whoever writes a word means something by it. */
    @ParameterizedTest
    @CsvSource({
        "docter, argument=docter: is none that Relais takes; write doctor",
        "functions, argument=functions: is none that Relais takes; write doctor",
        "--verbose, argument=--verbose: is none that Relais takes; write doctor",
        "-Dquarkus.http.port=80, argument=-Dquarkus.http.port=80: is none that Relais takes; options of java come before -jar",
        "doctor now, doctor=now: takes no words",
        "--version now, --version=now: takes no words",
        "functions doctor, argument=functions: is none that Relais takes",
        "new, new=: takes one name",
        "import nginx, import=nginx: takes a server and a file",
    })
    void otherWordsStartNothing(String words, String message) {
        List<String> list = List.of(words.split(" "));
        String told =
                assertThrows(ConfigurationProblem.class, () -> Modes.ask(list)).getMessage();
        assertTrue(told.startsWith(message), told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "doctor --help", "import nginx -h", "test functions --help"})
    void helpMayBeAskedForAnywhere(String words) {
        assertTrue(Help.isAsked(List.of(words.split(" "))));
    }

    @Test
    void theHelpNamesEachModeAndIsTheLaunchersToo() throws IOException {
        String launcher = Files.readString(Path.of("src/main/launcher/relais"));
        assertTrue(launcher.contains(Help.MODES), "src/main/launcher/relais tells other things of the modes");
        for (String mode : List.of(DoctorMode.ARGUMENT, NewFunction.ARGUMENT, TestMode.ARGUMENT, ImportMode.ARGUMENT)) {
            List<String> usages = Help.TEXT
                    .lines()
                    .filter(line -> line.contains("... " + mode))
                    .toList();
            assertEquals(1, usages.size(), mode);
            assertTrue(launcher.contains(usages.get(0) + "\n"), usages.get(0));
            assertTrue(Help.MODES.contains("\n  " + mode + " ") || Help.MODES.startsWith("  " + mode + " "), mode);
        }
    }
}
