package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Debian;
import dev.relais.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Worker scripts of FrankenPHP as they are, and frameworks without one, in one process each, so that what is kept shows in counts. */
class ResidentApplicationsIT {
    /** FrankenPHP's own example for applications without a framework, with one that counts. */
    private static final String WORKER = """
            <?php
            ignore_user_abort(true);
            final class App
            {
                private int $handled = 0;
                private int $terminated = 0;

                public function handle(): string
                {
                    if (isset($_GET['exit'])) {
                        exit('gone');
                    }
                    return ++$this->handled . " handled, {$this->terminated} terminated, " . ($_GET['name'] ?? 'nobody');
                }

                public function terminate(): void
                {
                    $this->terminated++;
                }
            }
            $app = new App();
            $mark = $_SERVER['FRANKENPHP_WORKER'];
            $handler = static function () use ($app, $mark): void {
                header("X-Mark: $mark");
                echo $app->handle(), ', ', frankenphp_request_headers()['Host'], ', ', frankenphp_response_headers()['X-Mark'];
            };
            $maxRequests = (int) ($_SERVER['MAX_REQUESTS'] ?? 0);
            for ($nbRequests = 0; !$maxRequests || $nbRequests < $maxRequests; ++$nbRequests) {
                $keepRunning = \\frankenphp_handle_request($handler);
                $app->terminate();
                gc_collect_cycles();
                if (!$keepRunning) {
                    break;
                }
            }
            """;

    private static PackagedGateway start(Map<String, String> scripts) throws IOException {
        return PackagedGateway.start(PackagedGateway.functions(scripts), Map.of("relais.workers.count", "1"))
                .ready();
    }

    private static String get(PackagedGateway gateway, String target) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port)) {
            return client.get(target).answer().text();
        }
    }

    @Test
    void aWorkerScriptOfFrankenPhpRunsUnchanged() throws Exception {
        try (PackagedGateway gateway = start(Map.of(
                "work.php",
                WORKER,
                "plain.php",
                "<?php echo json_encode([function_exists('frankenphp_handle_request'), isset($_SERVER['FRANKENPHP_WORKER'])]);",
                "functions.yaml",
                "functions: {work: {resident: {script: work.php, children: 1, max-requests: 3}}}"))) {
            assertEquals("1 handled, 0 terminated, Ada, localhost, 1", get(gateway, "/api/work?name=Ada"));
            assertEquals("2 handled, 1 terminated, nobody, localhost, 1", get(gateway, "/api/work"));
            assertEquals("3 handled, 2 terminated, Bob, localhost, 1", get(gateway, "/api/work?name=Bob"));
            assertEquals(
                    "1 handled, 0 terminated, nobody, localhost, 1",
                    get(gateway, "/api/work"),
                    "MAX_REQUESTS is reached");
            assertEquals("gone", get(gateway, "/api/work?exit"));
            assertEquals(
                    "1 handled, 0 terminated, Eve, localhost, 1", get(gateway, "/api/work?name=Eve"), "after exit");
            assertEquals("[false,false]", get(gateway, "/api/plain"), "other functions do not run in FrankenPHP");
        }
    }

    /** The second way is Symfony's runtime for FrankenPHP, whose script ends after three requests. */
    @ParameterizedTest
    @CsvSource({"true, 1 2 3 4", "'{script: worker.php, children: 1}', 1 2 3 1"})
    void symfonysRuntimeGivesItsKernel(String resident, String counts) throws Exception {
        Container.needs(false, "it has no applications of Debian");
        Debian.require("php-symfony-runtime", Path.of("/usr/share/php/Symfony/Component/Runtime/autoload.php"));
        Debian.require("php-symfony-dotenv", Path.of("/usr/share/php/Symfony/Component/Dotenv/autoload.php"));
        try (Site site = new Site("runtime")) {
            Path project = site.copy(Path.of("src/test/applications/runtime"), "runtime");
            site.folder("runtime/var");
            site.link(project.resolve("public"))
                    .settings(
                            "application: true",
                            "allow-symlinks-to: [" + project.resolve("public") + "]",
                            "resident: " + ("true".equals(resident) ? "{children: 1}" : resident));
            PackagedGateway gateway = site.gateway();
            for (String count : counts.split(" ")) {
                assertEquals(
                        "{\"count\":" + count + ",\"greeted\":\"Ada\",\"name\":\"" + count + "\"}",
                        get(gateway, "/api/runtime/?name=" + count));
            }
        }
    }

    @Test
    void aFolderWithoutAnApplicationIsToldInOneLine() throws Exception {
        Path functions = PackagedGateway.functions(Map.of("hello.php", "<?php echo 'hello';"));
        Files.createDirectory(functions.resolve("odd"));
        Files.writeString(functions.resolve("odd/index.php"), "<?php echo 'odd';");
        try (PackagedGateway gateway = PackagedGateway.start(functions, Map.of("relais.workers.count", "1"))
                .ready()) {
            Files.writeString(functions.resolve("functions.yaml"), "functions: {odd: {resident: true}}");
            await().until(() -> gateway.log().contains("needs an application of Symfony or Laravel"));
            List<String> told = gateway.log()
                    .lines()
                    .filter(line -> line.contains("needs an application of Symfony or Laravel"))
                    .toList();
            assertTrue(told.get(0).contains("looked for Symfony (vendor/autoload_runtime.php"), told::toString);
            assertTrue(
                    told.get(0).contains("and for Laravel (bootstrap/app.php). Remedy: name a worker script"),
                    told::toString);
            assertEquals("odd", get(gateway, "/api/odd"), "the file that was good stays in force");
        }
    }
}
