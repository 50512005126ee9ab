package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewFunctionTest {
    @TempDir
    Path folder;

    private Path directory;

    @BeforeEach
    void missing() {
        directory = folder.resolve("functions");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theFunctionAndItsTestAreMadeWithTheFoldersThatTheyNeed() throws IOException {
        Path script = NewFunction.make(directory, "reports/2026-11/week_1");

        assertEquals(directory.resolve("reports/2026-11/week_1.php"), script);
        assertEquals(List.of("functions/reports/2026-11/week_1.hurl", "functions/reports/2026-11/week_1.php"), files());
        String php = Files.readString(script);
        assertTrue(php.startsWith("<?php\n"), php);
        assertTrue(php.contains("Called at /api/reports/2026-11/week_1."), php);
        assertTrue(Files.readString(script.resolveSibling("week_1.hurl"))
                .contains("\nGET {{host}}/api/reports/2026-11/week_1?name=Ada\n"));
    }

    @Test
    void itIsAFunctionOfItsName() throws IOException {
        NewFunction.make(directory, "hello");

        FunctionRegistry registry = new FunctionSource(
                        FunctionFixture.config(directory), null, 1, folder -> true, java.time.Clock.systemUTC())
                .load()
                .registry();
        assertEquals("hello", registry.get("hello").name());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello           | new=hello: DIRECTORY/hello.php is there already; choose another name",
                "tested          | DIRECTORY/tested.hurl is there already",
                "app             | DIRECTORY/app/index.php is there already",
                "app/deep/er     | would lie in the function app; choose another folder",
                "made.php        | is the name of a file; leave out .php",
                "''              | is no name",
                "/made           | is no name",
                "made/           | is no name",
                "a//b            | is no name",
                "../made         | is no name",
                "a/./b           | is no name",
                ".made           | is no name",
                "_made           | is no name",
                "a b             | is no name",
                "gr\u00fcn       | is no name of letters, digits, - and _ with a / between folders; write it like",
                "a/vendor/b      | vendor is in no function's name",
                "node_modules    | node_modules is in no function's name",
                "made/index      | index is in no function's name",
                "file/made       | cannot be made: ",
            })
    void whatCannotBeIsRefusedAndNothingIsMade(String name, String message) throws IOException {
        Files.createDirectories(directory.resolve("app"));
        for (String there : List.of("hello.php", "tested.hurl", "app/index.php", "file")) {
            Files.writeString(directory.resolve(there), "mine");
        }
        List<String> before = files();

        ConfigurationProblem problem =
                assertThrows(ConfigurationProblem.class, () -> NewFunction.make(directory, name));

        String expected = message.replace("DIRECTORY", directory.toString());
        assertTrue(problem.getMessage().contains(expected), problem.getMessage());
        assertFalse(problem.getMessage().contains("\n"), problem.getMessage());
        assertEquals(before, files());
        assertEquals("mine", Files.readString(directory.resolve("hello.php")));
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        assertThrows(ConfigurationProblem.class, () -> NewFunction.make(directory, "a".repeat(201)));
    }

    @ParameterizedTest
    @CsvSource({"'', new=", "hello world, new=hello world"})
    void itTakesOneName(String arguments, String begin) {
        List<String> words = arguments.isEmpty() ? List.of() : List.of(arguments.split(" "));
        ConfigurationProblem problem = assertThrows(ConfigurationProblem.class, () -> NewFunction.ask(words));
        assertEquals(begin + ": takes one name; write it like new hello", problem.getMessage());
    }
}
