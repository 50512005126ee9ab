package dev.relais.differential;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResidentDifferenceTest {
    @ParameterizedTest
    @EnumSource
    void thePageOnResidentFunctionsHasItInItsTable(ResidentDifference difference) throws IOException {
        String page = Files.readString(Path.of("src/docs/resident.md"));
        assertTrue(page.contains(difference.reason() + "\n"), difference.reason());
    }
}
