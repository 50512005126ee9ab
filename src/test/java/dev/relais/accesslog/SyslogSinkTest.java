package dev.relais.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.telemetry.Meters;
import dev.relais.testing.NotifyReceiver;
import dev.relais.testing.Patience;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyslogSinkTest {
    private static final String HEAD = "<190>1 2026-11-29T04:30:18.123Z web-1 relais 42 access - ";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Losses losses = new Losses(Meters.ofAccessLog(registry), () -> 0);
    private final Line line = new Line(ZoneOffset.UTC);

    private SyslogSink sink(SyslogSink.Datagrams datagrams) {
        return new SyslogSink(datagrams, "web-1", "42", losses, () -> Entries.NOW);
    }

    private double lost() {
        return registry.get("relais.access.log.dropped")
                .tag("reason", "write")
                .counter()
                .count();
    }

    @Test
    void eachLineIsAMessageInADatagramOfUdp() throws IOException {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(1_000 * Patience.SECONDS);
            SyslogSink sink = sink(new UdpDatagrams("127.0.0.1", server.getLocalPort()));
            sink.open();
            for (String text : new String[] {"one", "two"}) {
                sink.add(line.clear().plain(text).plain('\n'));
                DatagramPacket packet = new DatagramPacket(new byte[1024], 1024);
                server.receive(packet);
                assertEquals(
                        HEAD + text, new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII));
            }
            sink.close();
        }
        assertEquals(0, lost());
    }

    @Test
    void aUnixSocketTakesThemToo(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("log");
        try (NotifyReceiver server = NotifyReceiver.at(path.toString())) {
            SyslogSink sink = sink(new UnixDatagrams(path.toString(), LockSupport::parkNanos));
            sink.open();
            sink.add(line.clear().plain("one").plain('\n'));
            assertEquals(HEAD + "one", server.next().text());
            sink.close();
        }
    }

    @Test
    void whatNobodyTakesIsCounted(@TempDir Path folder) throws IOException {
        SyslogSink sink = sink(new UnixDatagrams(folder.resolve("none").toString(), LockSupport::parkNanos));
        sink.open();
        sink.add(line.clear().plain("one").plain('\n'));
        assertEquals(1, lost());
        sink.add(line.clear().plain("x".repeat(70_000)).plain('\n'));
        assertEquals(2, lost());
        sink.close();
    }

    @Test
    void aServerThatDoesNotReadIsWaitedForButNotForEver(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("log");
        long[] waited = new long[1];
        try (NotifyReceiver server = NotifyReceiver.at(path.toString())) {
            server.pause(true);
            SyslogSink sink = sink(new UnixDatagrams(path.toString(), nanos -> waited[0] += nanos));
            sink.open();
            for (int i = 0; i < 10_000 && lost() == 0; i++) {
                sink.add(line.clear().plain("x".repeat(1_000)).plain('\n'));
            }
            assertEquals(1, lost());
            assertEquals(200_000_000, waited[0]);
            server.pause(false);
            sink.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/dev/log       | /dev/log |          | 0",
                "logs:514       |          | logs     | 514",
                "192.0.2.1:1514 |          | 192.0.2.1| 1514",
                "[::1]:514      |          | ::1      | 514",
            })
    void anAddressIsAPathOrAHostAndAPort(String value, String path, String host, int port) {
        assertEquals(new SyslogAddress(path, host, port), SyslogAddress.of(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"logs", ":514", "logs:0", "logs:70000", "::1:514", "logs:", "udp://logs:514"})
    void anythingElseIsRefused(String value) {
        ConfigurationProblem problem = assertThrows(ConfigurationProblem.class, () -> SyslogAddress.of(value));
        assertTrue(problem.getMessage().startsWith("relais.access-log.syslog=" + value), problem.getMessage());
    }

    @Test
    void aNameOfTheHeadHasNoBlanks() {
        assertEquals("web-1", SyslogSink.name("web-1\n"));
        assertEquals("ab", SyslogSink.name(" a b "));
        assertEquals("-", SyslogSink.name("\n"));
    }
}
