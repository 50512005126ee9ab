package dev.relais.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.relais.ConfigurationProblem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestModeTest {
    @TempDir
    Path folder;

    @Test
    void aFolderAndAReportMayBeNamedInAnyOrder() {
        Path report = Path.of("x.xml");
        String name = folder.toString();
        assertEquals(new TestMode.Asked(null, null), TestMode.Asked.of(List.of()));
        assertEquals(new TestMode.Asked(folder, report), TestMode.Asked.of(List.of(name, "--junit", "x.xml")));
        assertEquals(new TestMode.Asked(folder, report), TestMode.Asked.of(List.of("--junit", "x.xml", name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--junit", "--verbose", "--junit a --junit b", ". .", "/nothing/here"})
    void otherWordsAreRefused(String words) {
        List<String> list = List.of(words.split(" "));
        assertThrows(ConfigurationProblem.class, () -> TestMode.Asked.of(list));
    }

    @Test
    void whatCouldNotRunHasItsOwnExitCode() {
        assertEquals(2, Modes.codeOfFailure(List.of("test", "x")));
        assertEquals(1, Modes.codeOfFailure(List.of("new", "test")));
        assertEquals(1, Modes.codeOfFailure(List.of()));
    }
}
