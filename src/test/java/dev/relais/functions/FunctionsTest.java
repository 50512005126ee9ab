package dev.relais.functions;

import static dev.relais.functions.FunctionFixture.config;
import static dev.relais.functions.FunctionFixture.link;
import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.write;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FunctionsTest {
    @TempDir
    Path temporary;

    private Path directory;
    private Functions functions;

    @BeforeEach
    void makeDirectory() throws IOException {
        temporary = temporary.toRealPath();
        directory = Files.createDirectory(temporary.resolve("functions"));
    }

    @AfterEach
    void stop() {
        if (functions != null) {
            functions.stop();
        }
    }

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
                        null,
                        FunctionSettings.defaults(60_000)),
                functions.current().get("hello"));
        assertEquals(
                "/api/team/app/index.php", functions.current().get("team/app").scriptName());
        Functions.Status status = functions.status();
        assertEquals(directory, status.directory());
        assertEquals(2, status.functions());
        assertEquals(0, status.reloads());
        assertEquals(0, status.failedReloads());
        assertNull(status.problem());
        assertNotNull(status.changed());
    }

    @Test
    void filesAddedReplacedAndRemovedShow() throws IOException {
        php(directory, "a.php");
        start();
        php(directory, "b/c.php");
        eventually(() -> assertEquals(Set.of("a", "b/c"), names()));
        Files.move(php(directory, "_new.php"), directory.resolve("a.php"), StandardCopyOption.REPLACE_EXISTING);
        Files.delete(directory.resolve("b/c.php"));
        eventually(() -> assertEquals(Set.of("a"), names()));
        assertTrue(functions.status().reloads() >= 2);
    }

    @Test
    void aConfigMapUpdateShows() throws IOException {
        php(directory, "..2026_11_24_1/hello.php");
        write(directory.resolve("..2026_11_24_1/functions.yaml"), "functions: {hello: {timeout: 1s}}");
        link(directory.resolve("..data"), "..2026_11_24_1");
        link(directory.resolve("hello.php"), "..data/hello.php");
        link(directory.resolve("functions.yaml"), "..data/functions.yaml");
        start();
        assertEquals(Set.of("hello"), names());
        assertEquals(directory + "/..2026_11_24_1/hello.php", script("hello"));
        assertEquals(1_000, timeout("hello"));

        php(directory, "..2026_11_24_2/hello.php");
        php(directory, "..2026_11_24_2/more.php");
        write(directory.resolve("..2026_11_24_2/functions.yaml"), "functions: {hello: {timeout: 2s}}");
        link(directory.resolve("..data"), "..2026_11_24_2");
        link(directory.resolve("more.php"), "..data/more.php");

        eventually(() -> assertEquals(Set.of("hello", "more"), names()));
        assertEquals(directory + "/..2026_11_24_2/hello.php", script("hello"));
        assertEquals(directory.toString(), functions.current().get("hello").documentRoot());
        assertEquals(2_000, timeout("hello"));
    }

    @Test
    void aSwitchedReleaseShows() throws IOException {
        php(temporary, "releases/7/hello.php");
        php(temporary, "releases/8/hello.php");
        Path current = link(temporary.resolve("current"), "releases/7");
        start(config(current));
        assertEquals(temporary + "/releases/7/hello.php", script("hello"));

        link(current, "releases/8");

        eventually(() -> assertEquals(temporary + "/releases/8/hello.php", script("hello")));
        assertEquals(temporary + "/releases/8", functions.current().get("hello").documentRoot());
    }

    @Test
    void aDirectoryThatVanishesForAMomentKeepsTheLastGoodFunctions() throws IOException {
        php(directory, "hello.php");
        start();
        FunctionRegistry before = functions.current();
        Files.move(directory, temporary.resolve("away"));
        eventually(() -> assertNotNull(functions.status().problem()));
        refresh();
        long failed = functions.status().failedReloads();
        refresh();
        refresh();
        assertSame(before, functions.current());
        assertEquals(failed, functions.status().failedReloads(), "the same problem counts once");
        assertTrue(
                functions.status().problem().contains(directory.toString()),
                functions.status().problem());

        Files.move(temporary.resolve("away"), directory);
        eventually(() -> assertNull(functions.status().problem()));
        assertSame(before, functions.current());
        php(directory, "more.php");
        eventually(() -> assertEquals(Set.of("hello", "more"), names()));
    }

    @Test
    void tooManyFunctionsKeepTheLastGoodOnes() throws IOException {
        php(directory, "a.php");
        php(directory, "b.php");
        start(new FunctionFixture.Config(
                directory, Duration.ofSeconds(60), Duration.ofMillis(20), Optional.empty(), 2));
        php(directory, "c.php");
        eventually(() -> assertNotNull(functions.status().problem()));
        assertEquals(Set.of("a", "b"), names());
        Files.delete(directory.resolve("a.php"));
        eventually(() -> assertEquals(Set.of("b", "c"), names()));
        assertNull(functions.status().problem());
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
    void aLaterBadFunctionsYamlKeepsTheLastGoodSettingsUntilItIsGoodAgain() throws IOException {
        php(directory, "hello.php");
        Path yaml =
                write(directory.resolve("functions.yaml"), "functions: {hello: {timeout: 5s}, later: {timeout: 6s}}");
        start();
        assertEquals(5_000, timeout("hello"));

        write(yaml, "functions: {hello: {timeout: never}}");
        eventually(() -> assertNotNull(functions.status().problem()));
        assertTrue(
                functions.status().problem().contains("timeout=never"),
                functions.status().problem());
        assertEquals(1, functions.status().failedReloads());
        assertEquals(5_000, timeout("hello"));

        php(directory, "later.php");
        php(directory, "new.php");
        eventually(() -> assertEquals(Set.of("hello", "later", "new"), names()));
        assertEquals(6_000, timeout("later"));
        assertEquals(60_000, timeout("new"));
        assertEquals(1, functions.status().failedReloads());

        write(yaml, "functions: {hello: {timeout: 7s}}");
        eventually(() -> assertEquals(7_000, timeout("hello")));
        assertNull(functions.status().problem());
        Files.delete(yaml);
        eventually(() -> assertEquals(60_000, timeout("hello")));
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
            assertThrows(ConfigurationProblem.class, () -> new Functions(bad).start(null, 1));
        }
    }

    @Test
    void theMirrorIsServedAndFollowsTheDirectory() throws IOException {
        php(directory, "hello.php");
        php(directory, "vendor/autoload.php");
        Path copy = temporary.resolve("copy");
        functions = new Functions(config(directory));
        functions.start(copy, 1);
        assertEquals(copy + "/hello.php", script("hello"));
        assertEquals(copy.toString(), functions.current().get("hello").documentRoot());
        assertEquals(directory, functions.status().directory());
        assertTrue(Files.exists(copy.resolve("vendor/autoload.php")));

        write(directory.resolve("hello.php"), "<?php echo 2;");
        eventually(() -> assertEquals("<?php echo 2;", Files.readString(copy.resolve("hello.php"))));
        php(directory, "more.php");
        Files.delete(directory.resolve("hello.php"));
        eventually(() -> assertEquals(Set.of("more"), names()));
        assertFalse(Files.exists(copy.resolve("hello.php")));
        write(directory.resolve("functions.yaml"), "functions: {more: {timeout: bad}}");
        eventually(() -> assertNotNull(functions.status().problem()));
        assertTrue(
                functions.status().problem().startsWith(directory + "/functions.yaml line 1"),
                functions.status().problem());
    }

    @Test
    void aRefreshSeesWhatWasThereWhenItWasAskedFor() throws IOException {
        start(new FunctionFixture.Config(
                directory, Duration.ofSeconds(60), Duration.ofMinutes(1), Optional.empty(), 10));
        for (int i = 0; i < 5; i++) {
            php(directory, "f" + i + ".php");
            assertEquals(i + 1, refresh().size());
        }
        assertEquals(5, functions.status().reloads());
    }

    @Test
    void refreshesAskedForWhileAScanRunsShareTheNextOne() throws Exception {
        php(directory, "a.php");
        start(new FunctionFixture.Config(
                directory, Duration.ofSeconds(60), Duration.ofMinutes(1), Optional.empty(), 10));
        refresh(); // the watch's own first look is over
        CountDownLatch listening = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        functions.onChange(registry -> {
            listening.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        php(directory, "b.php");
        CompletableFuture<FunctionRegistry> first = functions.refresh().toCompletableFuture();
        assertTrue(listening.await(10, TimeUnit.SECONDS));
        php(directory, "c.php");
        CompletableFuture<FunctionRegistry> second = functions.refresh().toCompletableFuture();
        CompletableFuture<FunctionRegistry> third = functions.refresh().toCompletableFuture();
        go.countDown();

        assertEquals(2, first.get(10, TimeUnit.SECONDS).size());
        assertEquals(3, second.get(10, TimeUnit.SECONDS).size());
        assertSame(second.get(), third.get(10, TimeUnit.SECONDS));
        assertEquals(2, functions.status().reloads());
    }

    @Test
    void listenersHearOfEachPublicationOnTheWatchThreadAndMayThrow() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        functions = new Functions(config(directory));
        functions.onChange(registry -> {
            throw new IllegalStateException("a listener that throws, as this test wants");
        });
        functions.onChange(registry ->
                heard.add(registry.size() + " on " + Thread.currentThread().getName()));
        functions.start(null, 1);
        php(directory, "a.php");
        assertEquals("1 on relais-functions", heard.poll(10, TimeUnit.SECONDS));
        php(directory, "b.php");
        assertEquals("2 on relais-functions", heard.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void stopEndsTheThreadAndMayBeCalledAgain() throws IOException {
        functions = new Functions(config(directory));
        functions.stop();
        assertThrows(CompletionException.class, this::refresh);
        // A gateway that other tests have started in this JVM has one too.
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        functions.start(null, 1);
        assertThrows(IllegalStateException.class, () -> functions.start(null, 1));
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
        functions.start(null, 1);
        assertEquals(Set.of("a"), names());
    }

    private void start() {
        start(config(directory));
    }

    private void start(FunctionsConfig config) {
        functions = new Functions(config);
        functions.start(null, 1);
    }

    private FunctionRegistry refresh() {
        return functions.refresh().toCompletableFuture().join();
    }

    private Set<String> names() {
        return functions.current().all().stream().map(PhpFunction::name).collect(Collectors.toSet());
    }

    private String script(String name) {
        return functions.current().get(name).scriptFilename();
    }

    private long timeout(String name) {
        return functions.current().get(name).settings().timeoutMillis();
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(assertion);
    }
}
