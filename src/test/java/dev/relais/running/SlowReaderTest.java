package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Attempts;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import dev.relais.testing.Side;
import dev.relais.testing.Sight;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that take their answer slowly, or not at all. The kernel buffers some four megabytes. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class SlowReaderTest extends RunningGateway {
    private static final int MEGABYTE = 1 << 20;

    private Client slow(Protocol protocol, String target) throws IOException {
        return connect(protocol, 16 * 1024).get(target);
    }

    @BeforeEach
    void showSpool() {
        Sight.show("relais_spool_*", () -> manage("/q/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("relais_spool_"))
                .collect(Collectors.joining("\n")));
    }

    private double spooled() throws IOException {
        return manage("/q/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("relais_spool_bytes"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    static List<Arguments> protocolsWithAndWithoutLength() {
        List<Arguments> all = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            all.add(Arguments.of(protocol, "&announce"));
            all.add(Arguments.of(protocol, ""));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("protocolsWithAndWithoutLength")
    void anAnswerThatFitsTheBufferFreesItsChildWhileTheClientStillReads(Protocol protocol, String announce)
            throws IOException {
        try (Client client = slow(protocol, "/api/large?megabytes=12" + announce)) {
            client.head();
            await().until(this::isWhole);
            await().until(() -> spooled() > MEGABYTE);

            LargeAnswer.read(client, 12);
            assertEquals(200, client.get("/api/hello").answer().status());
        }
        await().until(() -> spooled() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void aReaderThatStopsBeforeAnAnswerOverTheBufferHoldsPhpBack(Protocol protocol) throws IOException {
        try (Client client = slow(protocol, "/api/large?megabytes=60")) {
            client.head();
            await().until(() -> spooled() > 8 * MEGABYTE);
            await().during(Duration.ofMillis(300)).until(() -> busy() == 1 && spooled() < 18 * MEGABYTE);

            LargeAnswer.read(client, 60);
        }
        await().until(() -> spooled() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotFitTheBufferIsNotSpooled(Protocol protocol) throws IOException {
        try (Client client = slow(protocol, "/api/large?megabytes=60&announce")) {
            client.head();
            await().during(Duration.ofMillis(300)).until(() -> busy() == 1 && spooled() == 0);

            LargeAnswer.read(client, 60);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatMustNotBeBufferedKeepsItsChildUntilItIsTaken(Protocol protocol) throws IOException {
        try (Client client = slow(protocol, "/api/large?megabytes=12&unbuffered")) {
            Answer head = client.head();
            await().during(Duration.ofMillis(300)).until(() -> busy() == 1 && spooled() == 0);

            assertNull(head.header("X-Accel-Buffering"));
            LargeAnswer.read(client, 12);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReaderThatHangsUpLeavesNothingInTheSpool(Protocol protocol) throws IOException {
        try (Client client = slow(protocol, "/api/large?megabytes=12")) {
            client.head();
            await().until(this::isWhole);
            await().until(() -> spooled() > MEGABYTE);
            client.cancel();
            await().until(() -> spooled() == 0);
        }
    }

    /** The time limit is two seconds, but the time in which PHP waits for the client does not count. */
    @Test
    void theTimeLimitStandsStillWhilePhpWaitsForItsClient() throws Exception {
        List<Client> clients = new ArrayList<>();
        try {
            for (Protocol protocol : Protocol.values()) {
                Client client = slow(protocol, "/api/held/patient?megabytes=8&unbuffered");
                clients.add(client);
                client.head();
            }
            await().during(Duration.ofMillis(2_500)).until(() -> busy() == clients.size());

            for (Client client : clients) {
                LargeAnswer.read(client, 8);
            }
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatHoldsPhpBackForTooLongLosesItsAnswerAndItsChild(Protocol protocol) throws IOException {
        double before = brokenForWaiting();
        try (Client client = slow(protocol, "/api/held/hurried?megabytes=40&announce")) {
            client.head();
            await().until(this::isWhole);

            assertTrue(client.isBrokenOff());
            assertEquals(before + 1, brokenForWaiting());
        }
    }

    /** The client always takes something, but never so much that PHP could go on for long. The sum of these times counts. */
    @ParameterizedTest
    @EnumSource
    void aClientThatHoldsPhpBackAgainAndAgainDoesNotKeepItsChild(Protocol protocol) throws Exception {
        Attempts.untilProved(() -> {
            double before = brokenForWaiting();
            AtomicInteger taken = new AtomicInteger();
            try (Client client = slow(protocol, "/api/held/hurried?megabytes=400&announce")) {
                client.head();
                await().pollInterval(Duration.ofMillis(5)).until(() -> {
                    if (brokenForWaiting() == before) {
                        taken.addAndGet(client.piece().length);
                    }
                    return busy() == 0;
                });

                assertTrue(client.isBrokenOff());
            }
            return taken.get() > 0; // on a busy machine it may be given up before it takes anything
        });
    }

    /** When the client is given up, the function's on-abort applies: here the script goes on, and is not held back any more. */
    @ParameterizedTest
    @EnumSource
    void aFunctionThatAlwaysFinishesDoesSoWithoutAClientThatIsTooSlow(Protocol protocol) throws IOException {
        try (Side side = new Side();
                Client client = slow(protocol, "/api/held/finish?head&unbuffered&" + side.query())) {
            client.head();
            side.open("gate");
            side.await("through-");
        }
    }

    private double brokenForWaiting() throws IOException {
        return manage("/q/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("relais_http_answers_broken_total{reason=\"client_wait\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    @ParameterizedTest
    @EnumSource
    void manySlowReadersGetTheirOwnBytesWhole(Protocol protocol) throws Exception {
        Thread[] readers = new Thread[6];
        boolean[] whole = new boolean[readers.length];
        for (int i = 0; i < readers.length; i++) {
            int number = i;
            readers[i] = new Thread(() -> {
                try (Client client = slow(protocol, "/api/large?megabytes=9" + (number % 2 == 0 ? "&announce" : ""))) {
                    client.head();
                    LargeAnswer.read(client, 9);
                    whole[number] = true;
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            readers[i].start();
        }
        for (int i = 0; i < readers.length; i++) {
            readers[i].join(60_000);
            assertTrue(whole[i], "reader " + i);
        }
    }
}
