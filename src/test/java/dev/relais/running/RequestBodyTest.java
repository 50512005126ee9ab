package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Http1Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(RunningProfile.class)
class RequestBodyTest extends RunningGateway {
    private static final String POST = "POST /api/body HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x\r\n";

    /** The most that a body takes of the heap: see the profile. */
    private static final int MEMORY = 64 << 10;

    private static byte[] random(int bytes) {
        byte[] body = new byte[bytes];
        new Random(7).nextBytes(body);
        return body;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] chunked(byte[] body, int piece) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < body.length; at += piece) {
            int length = Math.min(piece, body.length - at);
            out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, at, length);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static void assertArrived(byte[] body, Answer answer) {
        assertEquals(200, answer.status());
        JsonPath json = JsonPath.from(answer.text());
        assertEquals(body.length, json.getInt("bytes"));
        assertEquals(sha256(body), json.getString("sha256"));
        assertEquals(String.valueOf(body.length), json.getString("length"));
        assertEquals("application/x", json.getString("type"));
    }

    private static Client post(Client client, String... fields) throws IOException {
        String[] all = Arrays.copyOf(fields, fields.length + 2);
        all[fields.length] = "Content-Type";
        all[fields.length + 1] = "application/x";
        return client.begin("POST", "/api/body", all);
    }

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

    /** In chunks, or in frames that nothing announces. */
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
    void theEndOfABodyMayComeAfterItsBytes(Protocol protocol) throws IOException {
        byte[] body = random(3 * MEMORY);
        try (Client client = connect(protocol)) {
            post(client).send(body);
            await().until(() -> spooled() > 0);
            assertArrived(body, client.end().answer());
        }
        await().until(() -> spooled() == 0);
    }

    /** As when its machine or a proxy's process ends: the socket is reset, and not closed. */
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

    /** HTTP/1.1 has to end the connection, since the body would be the next request; a stream of HTTP/2 is asked to stop, and no other. */
    private void assertRefused(Protocol protocol, Client client, int status, String type) throws IOException {
        Answer answer = client.answer();
        assertEquals(status, answer.status());
        assertEquals("urn:relais:problem:" + type, JsonPath.from(answer.text()).getString("type"));
        if (protocol.isHttp2()) {
            assertEquals(Http2Stream.NO_ERROR, ((Http2Stream) client).awaitReset());
            assertEquals(200, client.get("/api/hello").answer().status());
        } else {
            assertEquals("close", answer.header("Connection").toLowerCase());
            assertTrue(((Http1Client) client).wire().isEnded());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnnouncedBodyOverTheLimitIsRefusedBeforeItIsSent(Protocol protocol) throws IOException {
        for (String[] expect : new String[][] {{}, {"Expect", "100-continue"}}) {
            try (Client client = connect(protocol)) {
                String[] fields = Arrays.copyOf(expect, expect.length + 2);
                fields[expect.length] = "Content-Length";
                fields[expect.length + 1] = "12582913";
                post(client, fields);
                assertRefused(protocol, client, 413, "body-too-large");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyForNoFunctionIsNotWanted(Protocol protocol) throws IOException {
        try (Client client = connect(protocol)) {
            client.begin("POST", "/api/nobody", "Content-Length", "100000").send(random(1000));
            assertRefused(protocol, client, 404, "function-not-found");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "HTTP_1_1", mode = EnumSource.Mode.EXCLUDE)
    void aStreamInTheMiddleOfABodyOverTheLimitIsAskedToStop(Protocol protocol) throws IOException {
        try (Client client = connect(protocol)) {
            post(client).send(random(20_000_000));
            assertRefused(protocol, client, 413, "body-too-large");
        }
    }

    /** As curl does it: sends for as long as it can, then reads. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 20000000", "Transfer-Encoding: chunked"})
    void aClientInTheMiddleOfABodyOverTheLimitSeesWhy(String framing) throws Exception {
        byte[] body = random(20_000_000);
        try (RawClient client = connect()) {
            client.send(POST + framing + "\r\n\r\n");
            Thread sender = new Thread(() -> {
                try {
                    client.send(framing.startsWith("C") ? body : chunked(body, 50_000));
                } catch (IOException e) {
                    // The gateway has closed.
                }
            });
            sender.start();
            Answer answer = client.answer();
            sender.join(10_000);

            assertEquals(413, answer.status());
            assertTrue(client.isEnded());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStalledBodyTimesOutAndNeverHeldAChild(Protocol protocol) throws IOException {
        for (int sent : new int[] {0, 10, 2 * MEMORY}) {
            try (Client client = connect(protocol)) {
                post(client, "Content-Length", Integer.toString(3 * MEMORY)).send(random(sent));
                await().during(java.time.Duration.ofMillis(200)).until(() -> busy() == 0);
                assertRefused(protocol, client, 408, "body-timeout");
            }
        }
        await().until(() -> spooled() == 0);
    }

    /** The first piece is on its way into a file that may not be open yet, so that nobody can close it. */
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

    /** Or before, or just after: the client does not know when. */
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\nContent-Length: 4",
                "Content-Length: 3\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "Content-Length: -1",
                "Content-Length: +3"
            })
    void ambiguousFramingIsRefusedAndTheConnectionEnds(String framing) throws IOException {
        try (RawClient client = connect()) {
            client.send(POST + framing + "\r\n\r\nGET /api/hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertEquals(
                    framing.endsWith("xchunked") ? 501 : 400, client.answer().status());
            assertTrue(client.isEnded());
        }
    }
}
