package dev.relais.functions;

import static dev.relais.functions.FunctionFixture.config;
import static dev.relais.functions.FunctionFixture.link;
import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.events.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What the start finds and refuses, and the end. */
class FunctionsTest extends WatchedFunctions {
    @Test
    void theFirstScanIsDoneWhenStartReturns() throws IOException {
        php(directory, "hello.php");
        php(directory, "team/app/index.php");
        start();

        assertEquals(
                new PhpFunction(
                        "hello",
                        directory + "/hello.php",
                        directory.toString(),
                        "/api/hello",
                        false,
                        functions.current().get("hello").version(),
                        null,
                        FunctionSettings.defaults(60_000)),
                functions.current().get("hello"));
        assertEquals(
                "/api/team/app/index.php", functions.current().get("team/app").scriptName());
        FunctionsStatus status = functions.status();
        assertEquals(directory, status.directory());
        assertEquals(2, status.functions());
        assertEquals(0, status.reloads());
        assertEquals(0, status.failedReloads());
        assertNull(status.problem());
        assertNotNull(status.changed());
    }

    @Test
    void aBadFunctionsYamlStopsTheStart() throws IOException {
        php(directory, "hello.php");
        write(directory.resolve("functions.yaml"), "functions:\n  hello:\n    timeout: 5\n");

        ConfigurationProblem problem = assertThrows(ConfigurationProblem.class, this::start);
        assertEquals(
                directory
                        + "/functions.yaml line 3: functions.hello.timeout=5: a duration needs a unit; write 5s or 5ms",
                problem.getMessage());
    }

    @Test
    void settingsOfAFunctionThatIsNotThereAreNoProblem() throws IOException {
        write(directory.resolve("functions.yaml"), "functions: {nobody: {timeout: 5s}}");
        start();

        assertNull(functions.status().problem());
    }

    @Test
    void aFunctionsYamlThatLeadsOutIsAProblem() throws IOException {
        Path secret = write(temporary.resolve("secret"), "functions: {}");
        link(directory.resolve("functions.yaml"), secret.toString());
        assertThrows(ConfigurationProblem.class, this::start);

        start(config(directory, temporary));
        assertNull(functions.status().problem());
    }

    @Test
    void aMissingDirectoryStopsTheStartWithTheRemedy() throws IOException {
        Files.delete(directory);

        ConfigurationProblem problem = assertThrows(ConfigurationProblem.class, this::start);
        assertEquals(
                "relais.functions.directory=" + directory
                        + ": no such directory; create it or set the key to the directory with the functions",
                problem.getMessage());
        Files.createFile(directory);
        problem = assertThrows(ConfigurationProblem.class, this::start);
        assertTrue(problem.getMessage().contains("not a directory"), problem.getMessage());
    }

    @Test
    void settingsOutOfRangeStopTheStart() {
        for (FunctionsConfig bad : List.of(
                new FunctionFixture.Config(directory, Duration.ZERO, Duration.ofSeconds(1), Optional.empty(), 1),
                new FunctionFixture.Config(directory, Duration.ofSeconds(1), Duration.ZERO, Optional.empty(), 1),
                new FunctionFixture.Config(directory, Duration.ofSeconds(1), Duration.ofDays(1), Optional.empty(), 1),
                new FunctionFixture.Config(
                        directory, Duration.ofSeconds(1), Duration.ofSeconds(1), Optional.empty(), 0))) {
            assertThrows(
                    ConfigurationProblem.class, () -> new Functions(bad, new Events()).start(null, 1, folder -> true));
        }
    }

    @Test
    void stopEndsTheThreadAndMayBeCalledAgain() throws IOException {
        functions = new Functions(config(directory), new Events());
        functions.stop();
        assertThrows(CompletionException.class, this::refresh);
        // A gateway that other tests have started in this JVM has one too.
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        functions.start(null, 1, folder -> true);
        assertThrows(IllegalStateException.class, () -> functions.start(null, 1, folder -> true));
        Thread thread = Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().equals("relais-functions") && !before.contains(t))
                .findFirst()
                .orElseThrow();
        assertTrue(thread.isDaemon());
        functions.stop();
        functions.stop();
        assertFalse(thread.isAlive());
        assertTrue(functions.refresh().toCompletableFuture().isCompletedExceptionally());

        php(directory, "a.php");
        functions.start(null, 1, folder -> true);
        assertEquals(Set.of("a"), names());
    }
}
