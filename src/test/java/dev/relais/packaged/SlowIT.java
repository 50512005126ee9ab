package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.RawClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A script that waits for another server is told of, with that server. */
class SlowIT {
    private static final Pattern TOLD =
            Pattern.compile("Script is slow: worker=\\d child=\\d+ function=asks seconds=\\d+ .*");

    private static final String ASKS = "<?php echo fread(fsockopen('127.0.0.1', (int) $_GET['port']), 9);";

    @Test
    void aSlowScriptIsToldOfWithWhatItWaitsFor() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
                PackagedGateway gateway = PackagedGateway.start(
                                PackagedGateway.functions(Map.of("asks.php", ASKS, "first.php", ASKS)),
                                Map.of(
                                        "relais.workers.count", "1",
                                        "relais.workers.children", "1",
                                        "relais.slow.threshold", "1500ms"))
                        .ready();
                RawClient client = RawClient.connect(gateway.port)) {
            // A function is told of once in a minute, whatever its process does at that moment. This request does what
            // takes time in the first one of a process, so that the next one waits for the other server long before.
            client.get("/api/first?port=" + other.getLocalPort());
            try (Socket script = other.accept()) {
                script.getOutputStream().write("answered".getBytes());
            }
            assertEquals("answered", client.answer().text());
            client.get("/api/asks?port=" + other.getLocalPort());
            try (Socket script = other.accept()) {
                String told = await().until(() -> told(gateway), text -> !text.isEmpty());
                assertTrue(told.contains(" state=S"), told);
                // It takes CAP_SYS_PTRACE to see the sockets of another user's process, which the tests' containers do
                // not have.
                if (System.getProperty("user.name").equals("root") && !Container.isUsed()) {
                    assertTrue(told.contains("peers=127.0.0.1:" + other.getLocalPort()), told);
                }
                script.getOutputStream().write("answered".getBytes());
            }
            assertEquals("answered", client.answer().text());
        }
    }

    private static String told(PackagedGateway gateway) {
        Matcher told = TOLD.matcher(gateway.log());
        return told.find() ? told.group() : "";
    }
}
