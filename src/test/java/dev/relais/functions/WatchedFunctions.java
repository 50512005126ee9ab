package dev.relais.functions;

import static dev.relais.functions.FunctionFixture.config;
import static org.awaitility.Awaitility.await;

import dev.relais.events.Events;
import dev.relais.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The fixture of tests with a watched functions directory of their own. */
abstract class WatchedFunctions {
    @TempDir
    Path temporary;

    Path directory;
    Functions functions;

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

    final void start() {
        start(config(directory));
    }

    final void start(FunctionsConfig config) {
        functions = new Functions(config, new Events());
        functions.start(null, 1, folder -> true);
    }

    final FunctionRegistry refresh() {
        return functions
                .refresh()
                .toCompletableFuture()
                .orTimeout(Patience.SECONDS, TimeUnit.SECONDS)
                .join();
    }

    final Set<String> names() {
        return functions.current().all().stream().map(PhpFunction::name).collect(Collectors.toSet());
    }

    final String script(String name) {
        return functions.current().get(name).scriptFilename();
    }

    final long timeout(String name) {
        return functions.current().get(name).settings().timeoutMillis();
    }

    static void eventually(ThrowingRunnable assertion) {
        await().pollInterval(Duration.ofMillis(10)).untilAsserted(assertion);
    }
}
