package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.NotifyReceiver;
import dev.relais.testing.NotifyReceiver.Notice;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service manager is told by the packaged application, and who has to tell it. */
class ServiceIT {
    @TempDir
    Path directory;

    @Test
    void theFirstProcessTellsThatItIsReadyReloadsLivesAndStops() throws Exception {
        String address = directory.resolve("notify").toString();
        Path functions = PackagedGateway.functions(Map.of("hello.php", "<?php echo 'hello';"));
        List<String> environment = List.of("env", "NOTIFY_SOCKET=" + address, "WATCHDOG_USEC=600000");
        try (NotifyReceiver systemd = NotifyReceiver.at(address);
                PackagedGateway gateway = PackagedGateway.start(environment, functions, Map.of())) {
            Notice ready = systemd.next("READY=1");
            assertEquals(gateway.process().pid(), ready.pid());
            assertEquals(200, PackagedGateway.status(gateway.management, "/q/health/ready"), gateway.log());
            assertEquals(200, gateway.get("/api/hello"));
            assertEquals(gateway.process().pid(), systemd.next("WATCHDOG=1").pid());

            gateway.signal("HUP", gateway.process());
            Notice reloading = systemd.next("RELOADING=1");
            assertTrue(ready.micros() < micros(reloading) && micros(reloading) <= reloading.micros(), reloading.text());
            assertEquals(
                    "READY=1\nSTATUS=Generation 2 serves",
                    systemd.next("READY=1").text());

            gateway.term();
            systemd.next("STOPPING=1");
            assertEquals(0, gateway.exitCode(), gateway.log());
        }
    }

    private static long micros(Notice reloading) {
        return reloading
                .text()
                .lines()
                .filter(line -> line.startsWith("MONOTONIC_USEC="))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf('=') + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theSelfWarmUpIsOverBeforeItIsReady() throws Exception {
        String address = directory.resolve("notify").toString();
        Path functions = PackagedGateway.functions(Map.of("hello.php", "<?php echo 'hello';"));
        List<String> environment = List.of("env", "NOTIFY_SOCKET=" + address);
        try (NotifyReceiver systemd = NotifyReceiver.at(address);
                PackagedGateway gateway =
                        PackagedGateway.start(environment, functions, Map.of("relais.start.warm-up", "500ms"))) {
            systemd.next("READY=1");
            assertEquals(200, PackagedGateway.status(gateway.management, "/q/health/ready"), gateway.log());
        }
    }

    @Test
    void aStartThatFailsNeverWasReady() throws Exception {
        String address = directory.resolve("notify").toString();
        Path functions = PackagedGateway.functions(Map.of("hello.php", "<?php echo 'hello';"));
        List<String> environment = List.of("env", "NOTIFY_SOCKET=" + address);
        try (NotifyReceiver systemd = NotifyReceiver.at(address);
                PackagedGateway gateway =
                        PackagedGateway.start(functions, Map.of()).ready();
                PackagedGateway second = PackagedGateway.start(
                        environment,
                        functions,
                        Map.of("quarkus.management.port", Integer.toString(gateway.management)))) {
            assertEquals(1, second.exitCode(), second.log());
            String first = systemd.next().text();
            assertTrue(first.startsWith("STATUS=Starting\n"), first);
            assertTrue(systemd.isEmpty());
        }
    }
}
