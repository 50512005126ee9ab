package dev.relais.running;

import static dev.relais.running.UploadedBodies.MEMORY;
import static dev.relais.running.UploadedBodies.POST;
import static dev.relais.running.UploadedBodies.chunked;
import static dev.relais.running.UploadedBodies.post;
import static dev.relais.running.UploadedBodies.random;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.AtOnce;
import dev.relais.testing.Client;
import dev.relais.testing.Http1Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of requests that are refused because they are too large, too slow, for no function, or framed in two ways. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class BodyRefusalTest extends RunningGateway {
    private double spooled() throws IOException {
        return meter("relais_spool_bytes");
    }

    /**
     * HTTP/1.1 has to end the connection, since the body would be taken for the next request. In HTTP/2 only this stream is
     * asked to stop.
     */
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

    /** The client behaves like curl, which sends for as long as it can and then reads. */
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

    private record Stalled(Protocol protocol, int sent) {}

    @Test
    void aStalledBodyTimesOutAndNeverHeldAChild() throws Exception {
        List<Stalled> all = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            for (int sent : new int[] {0, 10, 2 * MEMORY}) {
                all.add(new Stalled(protocol, sent));
            }
        }
        AtOnce.each(all.size(), all, body -> {
            try (Client client = connect(body.protocol())) {
                post(client, "Content-Length", Integer.toString(3 * MEMORY)).send(random(body.sent()));
                await().during(java.time.Duration.ofMillis(200)).until(() -> busy() == 0);
                assertRefused(body.protocol(), client, 408, "body-timeout");
            }
        });
        await().until(() -> spooled() == 0);
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
