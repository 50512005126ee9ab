package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code cache} of a function may say. */
class CacheKeysTest {
    @TempDir
    Path directory;

    private CacheSettings read(String cache) throws IOException {
        Path file = Files.writeString(directory.resolve("functions.yaml"), "functions: {f: {cache: " + cache + "}}");
        return SettingsFile.read(file, "functions.yaml", FunctionSettings.defaults(1000), 1)
                .of("f")
                .cache();
    }

    @Test
    void allOfItsKeysAreRead() throws IOException {
        assertEquals(
                new CacheSettings(
                        false,
                        60_000,
                        5_000,
                        30_000,
                        3_600_000,
                        0,
                        List.of("city"),
                        true,
                        List.of("accept-language"),
                        List.of("theme"),
                        List.of("weather.php", "lib/")),
                read(
                        "{ttl: 60s, negative: 5s, stale-while-revalidate: 30s, stale-if-error: 1h, stale-when-saturated: 0s,"
                                + " query: [city], query-order: any, headers: [Accept-Language], cookies: [theme],"
                                + " files: [weather.php, lib/]}"));
    }

    @Test
    void offAndEmptyListsAreRead() throws IOException {
        assertSame(CacheSettings.OFF, read("off"));
        assertEquals(List.of(), read("{cookies: []}").cookies());
        assertEquals(List.of(), read("{query: []}").query());
        assertSame(CacheSettings.BY_PHP, FunctionSettings.defaults(1000).cache());
        assertTrue(read("{ttl: 1s}").isDeclared());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "on | neither off nor a map",
                "'' | says nothing",
                "{} | says nothing",
                "{tll: 1s} | unknown key",
                "{ttl: 1} | a duration needs a unit",
                "{ttl: 1500ms} | not a whole number of seconds",
                "{ttl: 0s} | no time at all",
                "{query: city} | not a list",
                "{query: ['city[]']} | not a name",
                "{query-order: sorted} | neither any nor given",
                "{headers: [Cookie]} | would keep an answer for each client",
                "{headers: ['a b']} | not the name of a field",
                "{headers: []} | not a list",
                "{cookies: ['a=b']} | not a name",
                "{files: [/etc]} | not a path in the functions directory",
                "{files: [../x]} | not a path in the functions directory",
            })
    void whatCannotBeIsRefused(String cache, String message) {
        ConfigurationProblem problem = assertThrows(ConfigurationProblem.class, () -> read(cache));
        assertTrue(problem.getMessage().contains(message), problem.getMessage());
        assertTrue(problem.getMessage().contains("functions.f.cache"), problem.getMessage());
    }
}
