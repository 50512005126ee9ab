package dev.relais.differential;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IntendedDifferenceTest {
    @ParameterizedTest
    @EnumSource
    void theReadmeTellsIt(IntendedDifference difference) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        assertTrue(readme.contains("- " + difference.reason + "\n"), difference.reason);
    }
}
