package dev.relais.console;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementTokenTest {
    /** printf %s s3cret | sha256sum */
    private static final String HASHED = "sha256:1ec1c26b50d5d3c58d9583181af8076655fe00756bf7285940ba3670f99fcba0";

    @TempDir
    Path folder;

    static ManagementConfig config(String token, Path file) {
        return new ManagementConfig() {
            @Override
            public Optional<String> token() {
                return Optional.ofNullable(token);
            }

            @Override
            public Optional<Path> tokenFile() {
                return Optional.ofNullable(file);
            }

            @Override
            public Optional<List<String>> hosts() {
                return Optional.empty();
            }

            @Override
            public int actionsPerMinute() {
                return 120;
            }
        };
    }

    private ManagementToken inFile(String content) throws Exception {
        return ManagementToken.of(config(null, Files.writeString(folder.resolve("token"), content)), Map.of(), true);
    }

    private static ManagementToken of(String token, Map<String, String> environment, boolean shared) {
        return ManagementToken.of(config(token, null), environment, shared);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret", "s3cret\n", " s3cret\r\n", HASHED, HASHED + "\n"})
    void aFileHoldsTheTokenOrItsHash(String content) throws Exception {
        ManagementToken token = inFile(content);

        assertTrue(token.isSet());
        assertTrue(token.is("s3cret"));
        assertFalse(token.is("s3cre"));
        assertFalse(token.is(""));
        assertFalse(token.is(HASHED), "who reads the hash gains nothing");
        assertFalse(token.is(HASHED.substring("sha256:".length())));
    }

    @Test
    void theHashMayBeInCapitals() throws Exception {
        assertTrue(inFile("sha256:" + HASHED.substring("sha256:".length()).toUpperCase(java.util.Locale.ROOT))
                .is("s3cret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " \n", "one\ntwo\n", "two words", "sha256:", "sha256:12ab", HASHED + "00", "t\u00f6ken"})
    void aFileWithoutOneTokenStopsTheStart(String content) {
        assertThrows(ConfigurationProblem.class, () -> inFile(content));
    }

    @Test
    void whatIsNoFileOrNoneOfItsSizeStopsTheStart() throws Exception {
        assertThrows(ConfigurationProblem.class, () -> ManagementToken.of(config(null, folder), Map.of(), true));
        Path missing = folder.resolve("missing");
        assertThrows(ConfigurationProblem.class, () -> ManagementToken.of(config(null, missing), Map.of(), true));
        Path pipe = folder.resolve("pipe");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        assertThrows(ConfigurationProblem.class, () -> ManagementToken.of(config(null, pipe), Map.of(), true));
        assertThrows(ConfigurationProblem.class, () -> inFile("x".repeat(5_000)));
    }

    @Test
    void twoPlacesForOneTokenStopTheStart() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "a");
        assertThrows(ConfigurationProblem.class, () -> ManagementToken.of(config("b", file), Map.of(), true));
    }

    @Test
    void aBlankTokenStopsTheStart() {
        assertThrows(ConfigurationProblem.class, () -> of(" ", Map.of(), false));
    }

    @Test
    void withoutATokenNothingIsIt() {
        ManagementToken none = of(null, Map.of(), true);

        assertFalse(none.isSet());
        assertFalse(none.is(""));
    }

    @Test
    void aTokenInAnEnvironmentThatPhpCanReadStopsTheStart() {
        Map<String, String> variable = Map.of("RELAIS_MANAGEMENT_TOKEN", "s3cret");
        Map<String, String> options = Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g -Drelais.management.token=s3cret");

        assertThrows(ConfigurationProblem.class, () -> of("s3cret", variable, true));
        assertThrows(ConfigurationProblem.class, () -> of("s3cret", options, true));
        assertTrue(of("s3cret", variable, false).is("s3cret"), "PHP runs as another user");
        assertTrue(of(HASHED, Map.of("RELAIS_MANAGEMENT_TOKEN", HASHED), true).is("s3cret"));
    }

    @Test
    void theMessageOfAProblemDoesNotShowTheToken() {
        String message = assertThrows(
                        ConfigurationProblem.class,
                        () -> of("s3cret", Map.of("RELAIS_MANAGEMENT_TOKEN", "s3cret"), true))
                .getMessage();
        assertFalse(message.contains("s3cret"), message);
    }

    @Test
    void theVariableIsNotForPhp() {
        assertThrows(
                ConfigurationProblem.class,
                () -> ManagementToken.checkWithheld(List.of("HOME", "RELAIS_MANAGEMENT_TOKEN")));
        ManagementToken.checkWithheld(List.of("HOME"));
    }
}
