package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.AtOnce;
import dev.relais.testing.Attempts;
import dev.relais.testing.Certificate;
import dev.relais.testing.Client;
import dev.relais.testing.FreePorts;
import dev.relais.testing.Http2Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Pauses;
import dev.relais.testing.Protocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that take nothing of their answer, or too little, lose it. In HTTP/1.1 they lose the connection, in HTTP/2 only the
 * stream.
 */
class WriteTimeoutIT {
    private static final int WINDOW_UPDATE = 8;

    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(1);

    /** More bytes than the kernel buffers for any client. */
    private static final int LARGE = 40 << 20;

    private static final Map<String, String> SCRIPTS = new HashMap<>(Map.of(
            "hello.php", "<?php echo 'hello';",
            "large.php",
                    "<?php header('Content-Length: 41943040'); for ($i = 0; $i < 40; $i++) echo str_repeat('x', 1 << 20);",
            "small.php", "<?php echo str_repeat('x', 100000);",
            "exact.php",
                    "<?php header('X-Accel-Buffering: no'); echo str_repeat('x', 65535); ob_end_flush(); flush();"
                            + " usleep(200000); echo 'more';",
            "sent.php", "<?php header('X-Sendfile: ' . $_GET['file']);",
            "quiet.php", "<?php ob_end_flush(); echo 'first'; flush(); sleep(4); echo 'last';"));

    private static PackagedGateway gateway;
    private static int tlsPort;
    private static Path file;

    @BeforeAll
    static void start() throws Exception {
        tlsPort = FreePorts.next();
        Path folder = PackagedGateway.functions(Map.of());
        file = folder.resolve("large.bin");
        Files.write(file, new byte[LARGE]);
        Map<String, String> settings = new HashMap<>(Certificate.settings());
        settings.put("quarkus.http.ssl-port", Integer.toString(tlsPort));
        settings.put("relais.http.sendfile-directories", folder.toString());
        settings.put("relais.http.write-timeout", WRITE_TIMEOUT.toSeconds() + "s");
        settings.put("relais.http.write-min-rate", "20000");
        settings.put("relais.http.client-wait", "30s");
        gateway = PackagedGateway.start(PackagedGateway.functions(SCRIPTS), settings)
                .ready();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    private static Client connect(Protocol protocol) throws IOException {
        return protocol.connect(gateway.port, tlsPort, 16 * 1024);
    }

    /** How many connections and streams were ended for this reason. */
    private static double ended(String reason) throws Exception {
        return Curl.run("http://127.0.0.1:" + gateway.management + "/q/metrics")
                .output()
                .lines()
                .filter(line -> line.startsWith("relais_http_connections_closed_total{reason=\"" + reason)
                        || line.startsWith("relais_http_answers_broken_total{reason=\"" + reason))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static double metric(String name) throws Exception {
        return Curl.run("http://127.0.0.1:" + gateway.management + "/q/metrics")
                .output()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /**
     * Has a client of each protocol ask for an answer of PHP, and one for a file.
     *
     * @return the clients by what they ask for
     */
    private static Map<String, Client> asking(List<Protocol> protocols) throws IOException {
        Map<String, Client> all = new LinkedHashMap<>();
        for (Protocol protocol : protocols) {
            for (String target : List.of("/api/large", "/api/sent?file=" + file)) {
                Client client = connect(protocol);
                all.put(protocol + " " + target, client);
                client.get(target);
            }
        }
        return all;
    }

    @Test
    void clientsThatTakeNothingAreEndedAndCountedOnce() throws Exception {
        double before = ended("write");
        Map<String, Client> clients = asking(List.of(Protocol.values()));
        try {
            await().until(() -> ended("write") == before + clients.size());
            await().until(() -> metric("relais_spool_bytes") == 0);
            for (Map.Entry<String, Client> client : clients.entrySet()) {
                client.getValue().head();
                assertTrue(client.getValue().isBrokenOff(), client.getKey());
            }
        } finally {
            close(clients);
        }
        await().during(Duration.ofSeconds(1)).until(() -> ended("write") == before + clients.size());
    }

    /**
     * HTTP/1.1 tells the gateway of what is read in pieces as large as the kernel likes: then the client stands still in between, and may be
     * ended for that.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientsThatTakeTooLittleAreEnded(boolean http2) throws Exception {
        List<Protocol> protocols = Stream.of(Protocol.values())
                .filter(protocol -> protocol.isHttp2() == http2)
                .toList();
        Attempts.untilProved(() -> areEndedForTakingTooLittle(protocols, http2));
    }

    /**
     * Has clients take too little until all of them are ended.
     *
     * @return false when one in HTTP/2 may have been ended for standing still, because the test paused
     */
    private static boolean areEndedForTakingTooLittle(List<Protocol> protocols, boolean http2) throws Exception {
        double before = ended("rate");
        double still = ended("write");
        Pauses pauses = new Pauses();
        Map<String, Client> clients = asking(protocols);
        try {
            for (Client client : clients.values()) {
                client.head();
            }
            await().pollInterval(Duration.ofMillis(100)).until(() -> {
                if (ended("rate") + ended("write") == before + still + clients.size()) {
                    pauses.step();
                    return true;
                }
                for (Client client : clients.values()) {
                    sip(client);
                }
                pauses.step();
                return false;
            });
            for (Map.Entry<String, Client> client : clients.entrySet()) {
                assertTrue(client.getValue().isBrokenOff(), client.getKey());
            }
        } finally {
            close(clients);
        }
        boolean allForTheirRate = ended("rate") == before + clients.size();
        if (http2 && !allForTheirRate && pauses.exceed(WRITE_TIMEOUT.dividedBy(2))) {
            return false;
        }
        assertTrue(allForTheirRate || !http2, "one was ended for standing still, and it did not");
        return true;
    }

    private static void close(Map<String, Client> clients) throws IOException {
        for (Client client : clients.values()) {
            client.close();
        }
    }

    /** Reads about 300 bytes, unless the connection is closed already. */
    private static void sip(Client client) {
        try {
            if (client instanceof Http2Stream stream) {
                give(stream.connection(), 0, 300);
                give(stream.connection(), stream.id(), 300);
            } else {
                ((dev.relais.testing.Http1Client) client).wire().exactly(300);
            }
        } catch (IOException e) {
            // Whether it was broken off is seen at the end.
        }
    }

    private static void give(Http2Client connection, int stream, int bytes) throws IOException {
        connection.frame(
                WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    @ParameterizedTest
    @EnumSource(names = {"H2C", "H2"})
    void aSlowClientThatTakesEnoughGetsAllOfIt(Protocol protocol) throws Exception {
        Attempts.untilProved(() -> getsAllOfIt(protocol));
    }

    /**
     * The client opens its window by 4 KiB each time, so that no write of PHP is completely sent before the write time.
     *
     * @return false when the test itself was so slow that the gateway may have ended the stream
     */
    private static boolean getsAllOfIt(Protocol protocol) throws Exception {
        double before = ended("rate") + ended("write");
        try (Http2Client connection = shut(protocol)) {
            Http2Stream stream = connection.stream();
            long begin = System.nanoTime();
            stream.get("/api/small");
            stream.head();
            int[] given = {0};
            // 4,096 bytes each 80 ms are twice the minimum rate, and take two seconds for all.
            await().pollInterval(Duration.ofMillis(80)).until(() -> {
                give(connection, 0, 4_096);
                give(connection, stream.id(), 4_096);
                given[0] += 4_096;
                return given[0] >= 100_000;
            });
            // With a pause of the write time, or with less than the minimum rate, it takes longer.
            if (System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(2_800)) {
                return false;
            }
            int read = 0;
            for (byte[] piece = stream.piece(); piece.length > 0; piece = stream.piece()) {
                read += piece.length;
            }
            assertEquals(100_000, read);
        }
        assertEquals(before, ended("rate") + ended("write"));
        return true;
    }

    private static Http2Client shut(Protocol protocol) throws IOException {
        return protocol == Protocol.H2 ? Http2Client.connectTls(tlsPort, 0) : Http2Client.connect(gateway.port, 0);
    }

    /** The script has ended and the whole answer was given to the connection, but the stream's window is closed. */
    @ParameterizedTest
    @CsvSource({"H2C, small", "H2, small", "H2C, exact", "H2, exact"})
    void aStreamThatIsShutIsResetAndTheOthersGoOn(Protocol protocol, String function) throws Exception {
        double before = ended("write");
        try (Http2Client connection = function.equals("exact")
                ? (protocol == Protocol.H2
                        ? Http2Client.connectTls(tlsPort, 65_535)
                        : Http2Client.connect(gateway.port, 65_535))
                : shut(protocol)) {
            give(connection, 0, 1 << 20);
            Http2Stream[] streams = new Http2Stream[3];
            for (int i = 0; i < streams.length; i++) {
                streams[i] = connection.stream();
                streams[i].get("/api/" + function);
                streams[i].head();
            }
            await().until(() -> ended("write") == before + streams.length);
            for (Http2Stream stream : streams) {
                assertEquals(2, stream.awaitReset());
            }
            Attempts.untilProved(() -> isGreeted(connection));
        }
    }

    /** @return false when the test paused before it opened the window, so that this stream may be reset, too */
    private static boolean isGreeted(Http2Client connection) throws IOException {
        Http2Stream stream = connection.stream();
        long begin = System.nanoTime();
        stream.get("/api/hello");
        give(connection, stream.id(), 100);
        if (System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(500)) {
            return false;
        }
        assertEquals("hello", stream.answer().text());
        return true;
    }

    @Test
    void anAnswerOfWhichNothingWaitsMayPause() throws Exception {
        AtOnce.each(Protocol.values().length, List.of(Protocol.values()), protocol -> {
            try (Client client = connect(protocol)) {
                assertEquals("firstlast", client.get("/api/quiet").answer().text());
            }
        });
    }

    @Test
    void nothingIsLeftOfThemAll() throws Exception {
        await().until(() -> metric("relais_spool_bytes") == 0);
        assertEquals(200, gateway.get("/api/hello"));
    }
}
