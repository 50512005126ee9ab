package dev.relais.running;

import static dev.relais.running.UploadedBodies.MEMORY;
import static dev.relais.running.UploadedBodies.POST;
import static dev.relais.running.UploadedBodies.assertArrived;
import static dev.relais.running.UploadedBodies.post;
import static dev.relais.running.UploadedBodies.random;
import static dev.relais.running.UploadedBodies.sha256;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.testing.Answer;
import dev.relais.testing.Attempts;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies of requests that arrive at PHP whole, or break off and never reach it. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class RequestBodyTest extends RunningGateway {
    @ParameterizedTest
    @EnumSource
    void bodiesOfAnnouncedLengthArriveWhole(Protocol protocol) throws IOException {
        try (Client client = connect(protocol)) {
            for (int bytes : new int[] {0, 1, MEMORY, MEMORY + 1, 10 << 20, 0}) {
                byte[] body = random(bytes);
                post(client, "Content-Length", Integer.toString(bytes))
                        .send(body)
                        .end();
                assertArrived(body, client.answer());
            }
        }
    }

    /** The body comes in chunks, or in frames without an announced length. */
    @ParameterizedTest
    @EnumSource
    void bodiesOfUnknownLengthArriveWithTheirLength(Protocol protocol) throws IOException {
        try (Client client = connect(protocol)) {
            for (int bytes : new int[] {1, MEMORY, MEMORY + 1, 100_000, 10 << 20, 1}) {
                byte[] body = random(bytes);
                post(client);
                for (int at = 0; at < bytes; at += 30_000) {
                    client.send(Arrays.copyOfRange(body, at, Math.min(bytes, at + 30_000)));
                }
                assertArrived(body, client.end().answer());
            }
        }
    }

    @Test
    void aChunkedBodyOfNoBytesHasTheLengthZero() throws IOException {
        try (Client client = connect(Protocol.HTTP_1_1)) {
            assertArrived(new byte[0], post(client).end().answer());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestWithoutABodyHasNoLength(Protocol protocol) throws IOException {
        try (Client client = connect(protocol)) {
            Answer answer = client.request("POST", "/api/body").answer();
            assertEquals(200, answer.status());
            assertEquals("", JsonPath.from(answer.text()).getString("length"));
        }
    }

    /** The frame that ends an HTTP/2 body may come alone, long after its last byte was written to the file. */
    @ParameterizedTest
    @EnumSource
    void theEndOfABodyMayComeAfterItsBytes(Protocol protocol) throws Exception {
        byte[] body = random(3 * MEMORY);
        Attempts.untilProved(BODY_TIMEOUT, pace -> {
            await().until(() -> spooled() == 0); // nothing is left of another body
            try (Client client = connect(protocol)) {
                pace.begin();
                post(client).send(body);
                pace.await(() -> spooled() > 0);
                client.end();
                pace.stop();
                assertArrived(body, client.answer());
                return true;
            }
        });
        await().until(() -> spooled() == 0);
    }

    /** The socket is reset and not closed, as when the client's machine or a proxy's process ends. */
    @Test
    void aClientThatVanishesInItsBodyHasSentNoMalformedRequest() throws IOException {
        double malformed = answered(400);
        double gone = answered(499);
        try (RawClient client = connect()) {
            client.send(POST + "Content-Length: 1000000\r\n\r\n").send(new byte[3 * MEMORY]);
            await().until(() -> spooled() > 0);
            client.vanish();
        }
        await().until(() -> answered(499) == gone + 1);
        assertEquals(malformed, answered(400));
        await().until(() -> spooled() == 0);
    }

    private double answered(int status) throws IOException {
        return manage("/q/metrics")
                .text()
                .lines()
                .filter(line ->
                        line.startsWith("relais_invocations_seconds_count{function=\"body\",status=\"" + status))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private double spooled() throws IOException {
        return meter("relais_spool_bytes");
    }

    @Test
    void aPostWithoutABodyRuns() throws IOException {
        Answer answer = ask("POST /api/body HTTP/1.1", "Host: localhost");

        assertEquals(200, answer.status());
        assertEquals(0, JsonPath.from(answer.text()).getInt("bytes"));
    }

    @Test
    void aMultipartUploadArrives() throws IOException {
        byte[] file = random(300_000);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(("--b\r\nContent-Disposition: form-data; name=\"field\"\r\n\r\nvalue\r\n--b\r\n"
                        + "Content-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        body.write(file);
        body.write("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        try (RawClient client = connect()) {
            client.send("POST /api/upload HTTP/1.1\r\nHost: localhost\r\n"
                            + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + body.size()
                            + "\r\n\r\n")
                    .send(body.toByteArray());
            JsonPath json = JsonPath.from(client.answer().text());

            assertEquals("value", json.getString("field"));
            assertEquals("a.bin", json.getString("name"));
            assertEquals(0, json.getInt("error"));
            assertEquals(sha256(file), json.getString("sha256"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatExpectsToContinueIsToldSo(Protocol protocol) throws IOException {
        byte[] body = random(1000);
        try (Client client = connect(protocol)) {
            post(client, "Content-Length", "1000", "Expect", "100-continue");
            assertEquals(100, client.head().status());
            assertArrived(body, client.send(body).end().answer());
        }
    }

    /** The first piece is being written to a file that may not be open yet, and so cannot be closed. */
    @ParameterizedTest
    @EnumSource
    void aBodyThatBreaksOffWhileItIsWrittenOutLeavesNothingBehind(Protocol protocol) throws IOException {
        byte[] piece = random(MEMORY + 2000);
        for (int tries = 0; tries < 40; tries++) {
            try (Client client = connect(protocol)) {
                post(client, "Content-Length", Integer.toString(3 * MEMORY)).send(piece);
            }
        }
        await().until(() -> gateway.inFlight() == 0);
        await().until(() -> spooled() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatBreaksOffNeverReachesPhp(Protocol protocol) throws IOException {
        double before = exchanges();
        for (int sent : new int[] {0, 10, 2 * MEMORY}) {
            try (Client client = connect(protocol)) {
                post(client, "Content-Length", Integer.toString(3 * MEMORY)).send(random(sent));
            }
            try (Client client = connect(protocol)) {
                post(client).send(random(sent)).cancel();
            }
        }
        await().until(() -> gateway.inFlight() == 0);
        await().until(() -> spooled() == 0);
        assertEquals(200, get("/api/hello").status());
        assertEquals(before + 1, exchanges());
    }

    /** The client may also go just before or after the write, since it does not know when that is. */
    @ParameterizedTest
    @EnumSource
    void aClientThatGoesWhileItsBodyIsWrittenLeavesNothingInTheSpool(Protocol protocol) throws IOException {
        for (int i = 0; i < 40; i++) {
            try (Client client = connect(protocol)) {
                post(client, "Content-Length", Integer.toString(3 * MEMORY)).send(random(MEMORY + 1));
            }
        }
        await().until(() -> gateway.inFlight() == 0);
        await().until(() -> spooled() == 0);
    }

    private double exchanges() {
        return group.workers().stream()
                .mapToLong(worker -> group.sample(worker).exchanges())
                .sum();
    }
}
