package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Certificate;
import dev.relais.testing.FreePorts;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts that are possible, and starts that are not, which end with one line that names key, value and remedy. */
class StartIT {
    private Path functions;

    @TempDir
    Path temporary;

    @BeforeEach
    void functions() throws Exception {
        functions = PackagedGateway.functions(Map.of("hello.php", "<?php echo 'hello';"));
    }

    @Test
    void startsServesAndSaysTheValuesInForce() throws Exception {
        try (PackagedGateway gateway = PackagedGateway.start(
                        functions, Map.of("quarkus.http.accept-backlog", "1000000"))
                .ready()) {
            assertEquals(200, gateway.get("/api/hello"));
            assertEquals(404, gateway.get("/nothing"));
            assertTrue(gateway.log().contains("Host is not as wanted: name=net.core.somaxconn"), gateway.log());
            assertTrue(gateway.log().contains("tcp-nodelay=on so-reuseport=off"), gateway.log());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "relais.workers.php-fpm, /nothing/php-fpm, relais.workers.php-fpm",
        "relais.workers.php-fpm, /bin/true, relais.workers.php-fpm",
        "relais.workers.count, abc, relais.workers.count",
        "relais.workers.count, 0, relais.workers.count",
        "relais.workers.cout, 2, 'relais.workers.cout=2: is no key of Relais; set relais.workers.count'",
        "relais.worker.count, 2, relais.workers.count",
        "relais.http.load-report, xml, 'relais.http.load-report=xml: is none of its values; set text, json or bin'",
        "relais.http.h2c-upgrade, ture, 'relais.http.h2c-upgrade=ture: is neither true nor false; set true or false'",
        "relais.http.idle-timeout, '', 'relais.http.idle-timeout=: is empty; set a time'",
        "quarkus.http.accept-backlog, many, 'quarkus.http.accept-backlog=many: is no whole number; set '",
        "quarkus.http.port, 70000, 'quarkus.http.port=70000: is out of range; set it to 0 to 65535'",
        "quarkus.vertx.event-loops-pool-size, 0, 'quarkus.vertx.event-loops-pool-size=0: is out of range; set it to 1 to '",
        "quarkus.http.host, no-such-host.invalid, quarkus.http.host=no-such-host.invalid",
        "quarkus.http.host, 192.0.2.1, quarkus.http.host=192.0.2.1",
        "quarkus.http.idle-timeout, soon, quarkus.http.idle-timeout=soon",
        "relais.workers.user, nobody-here, relais.workers.user",
        "relais.queue.capacity, -1, relais.queue.capacity",
        "relais.sampler.interval, 1500ms, relais.sampler.interval",
        "quarkus.http.proxy.proxy-address-forwarding, true, relais.http.trusted-proxies",
        "quarkus.http.proxy.use-proxy-protocol, true, relais.http.trusted-proxies",
        "relais.http.trusted-proxies, proxy.example, relais.http.trusted-proxies",
        "relais.functions.directory, /nothing/here, relais.functions.directory",
        "relais.workers.run-directory, /nothing/here, relais.workers.run-directory",
        "relais.workers.php-settings.\"extension\", nope39, nope39",
        "relais.workers.php-settings.\"opcache.preload\", /nothing/here.php, opcache.preload",
        "relais.workers.php-settings.\"fastcgi.logging\", 0, fastcgi.logging"
    })
    void anImpossibleSettingStopsTheStartWithOneLine(String key, String value, String named) throws Exception {
        try (PackagedGateway gateway = PackagedGateway.start(functions, Map.of(key, value))) {
            assertStopsWithOneLine(gateway, named);
        }
    }

    @Test
    void aTooOldPhpStopsTheStartWithOneLine() throws Exception {
        Path old =
                Files.writeString(temporary.resolve("php-fpm"), "#!/bin/sh\necho 'PHP 7.4.33 (fpm-fcgi) (built: x)'\n");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (PackagedGateway gateway =
                PackagedGateway.start(functions, Map.of("relais.workers.php-fpm", old.toString()))) {
            assertStopsWithOneLine(gateway, "7.4");
        }
    }

    @Test
    void aBadFunctionsFileStopsTheStartWithOneLine() throws Exception {
        Files.writeString(functions.resolve("functions.yaml"), "functions:\n  hello:\n    timeout: soon\n");
        try (PackagedGateway gateway = PackagedGateway.start(functions, Map.of())) {
            assertStopsWithOneLine(gateway, "timeout");
        }
    }

    @Test
    void functionsThatPhpCannotReadStopTheStartWithOneLine() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "PHP is another user only under root");
        Path closed = Files.createDirectory(
                temporary.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(closed.resolve("hello.php"), "<?php echo 1;");
        try (PackagedGateway gateway = PackagedGateway.start(closed, Map.of())) {
            assertStopsWithOneLine(gateway, "www-data");
        }
    }

    /** The management port, which says so, opens before the others. */
    @Test
    void whoeverIsReadyAcceptsOnAllPorts() throws Exception {
        int tlsPort = FreePorts.next();
        Map<String, String> settings = new HashMap<>(Certificate.settings());
        settings.put("quarkus.http.ssl-port", Integer.toString(tlsPort));
        try (PackagedGateway gateway = PackagedGateway.start(functions, settings)) {
            gateway.ready();
            for (int port : List.of(gateway.port, tlsPort)) {
                new Socket("127.0.0.1", port).close();
            }
        }
    }

    @Test
    void aSecondGatewayOnThePortFailsWithOneLineUnlessThePortIsShared() throws Exception {
        try (PackagedGateway first = PackagedGateway.start(functions, Map.of()).ready();
                PackagedGateway second =
                        PackagedGateway.start(functions, Map.of("quarkus.http.port", Integer.toString(first.port)))) {
            assertStopsWithOneLine(second, "quarkus.http.port=" + first.port);
            assertEquals(200, first.get("/api/hello"));
        }
        Map<String, String> shared = Map.of("quarkus.http.so-reuse-port", "true");
        try (PackagedGateway first = PackagedGateway.start(functions, shared).ready();
                PackagedGateway second = PackagedGateway.start(
                                functions,
                                Map.of(
                                        "quarkus.http.so-reuse-port",
                                        "true",
                                        "quarkus.http.port",
                                        Integer.toString(first.port)))
                        .ready()) {
            assertTrue(first.isAlive() && second.isAlive());
            assertEquals(200, second.get("/api/hello"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0"})
    void openBasedirKeepsScriptsInAndRelaisWorking(String opcache) throws Exception {
        Files.writeString(
                functions.resolve("inside.php"),
                "<?php if (@file_get_contents('/etc/hostname') !== false || !function_exists('fastcgi_finish_request'))"
                        + " http_response_code(500);");
        try (PackagedGateway gateway = PackagedGateway.start(
                        functions,
                        Map.of(
                                "relais.workers.php-settings.\"open_basedir\"",
                                functions.toString(),
                                "relais.workers.php-settings.\"opcache.enable\"",
                                opcache,
                                "relais.workers.php-settings.\"memory_limt\"",
                                "1G"))
                .ready()) {
            assertEquals(200, gateway.get("/api/inside"));
            gateway.logs("like=memory_limit");
        }
    }

    private static void assertStopsWithOneLine(PackagedGateway gateway, String named) throws Exception {
        assertNotEquals(0, gateway.exitCode());
        long lines = gateway.log()
                .lines()
                .filter(line -> line.startsWith("relais: "))
                .count();
        assertEquals(1, lines, gateway.log());
        assertTrue(
                gateway.log().lines().anyMatch(line -> line.startsWith("relais: ") && line.contains(named)),
                gateway.log());
        assertTrue(gateway.log().lines().noneMatch(line -> line.startsWith("\tat ")), gateway.log());
    }
}
