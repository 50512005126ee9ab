package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that take their answer slowly, or not at all. The kernel itself takes some four megabytes. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class SlowReaderTest extends RunningGateway {
    private static final int MEGABYTE = 1 << 20;

    private RawClient slow(String target) throws IOException {
        return RawClient.connect(http.getPort(), 16 * 1024).get(target);
    }

    private double spooled() throws IOException {
        return manage("/q/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("relais_spool_bytes"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"&announce", ""})
    void anAnswerThatFitsTheBufferFreesItsChildWhileTheClientStillReads(String announce) throws IOException {
        try (RawClient client = slow("/api/large?megabytes=12" + announce)) {
            Answer head = client.answerHead();
            await().until(this::isWhole);
            await().until(() -> spooled() > MEGABYTE);

            LargeAnswer.read(client, head, 12);
            assertEquals(200, client.get("/api/hello").answer().status());
        }
        await().until(() -> spooled() == 0);
    }

    @Test
    void aReaderThatStopsBeforeAnAnswerOverTheBufferHoldsPhpBack() throws IOException {
        try (RawClient client = slow("/api/large?megabytes=60")) {
            Answer head = client.answerHead();
            await().until(() -> spooled() > 8 * MEGABYTE);
            await().during(Duration.ofMillis(300)).until(() -> busy() == 1 && spooled() < 18 * MEGABYTE);

            LargeAnswer.read(client, head, 60);
        }
        await().until(() -> spooled() == 0);
    }

    @Test
    void whatCannotFitTheBufferIsNotSpooled() throws IOException {
        try (RawClient client = slow("/api/large?megabytes=60&announce")) {
            Answer head = client.answerHead();
            await().during(Duration.ofMillis(300)).until(() -> busy() == 1 && spooled() == 0);

            LargeAnswer.read(client, head, 60);
        }
    }

    @Test
    void anAnswerThatMustNotBeBufferedKeepsItsChildUntilItIsTaken() throws IOException {
        try (RawClient client = slow("/api/large?megabytes=12&unbuffered")) {
            Answer head = client.answerHead();
            await().during(Duration.ofMillis(300)).until(() -> busy() == 1 && spooled() == 0);

            assertNull(head.header("X-Accel-Buffering"));
            LargeAnswer.read(client, head, 12);
        }
    }

    @Test
    void aReaderThatHangsUpLeavesNothingInTheSpool() throws IOException {
        try (RawClient client = slow("/api/large?megabytes=12")) {
            client.answerHead();
            await().until(this::isWhole);
            await().until(() -> spooled() > MEGABYTE);
        }
        await().until(() -> spooled() == 0);
    }

    @Test
    void manySlowReadersGetTheirOwnBytesWhole() throws Exception {
        Thread[] readers = new Thread[6];
        boolean[] whole = new boolean[readers.length];
        for (int i = 0; i < readers.length; i++) {
            int number = i;
            readers[i] = new Thread(() -> {
                try (RawClient client = slow("/api/large?megabytes=9" + (number % 2 == 0 ? "&announce" : ""))) {
                    LargeAnswer.read(client, client.answerHead(), 9);
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
