package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.LogLines;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The result cache with real clients, event loops and PHP. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class ResultCacheTest extends RunningGateway {
    @ConfigProperty(name = "relais.functions.directory")
    Path directory;

    private Side side;

    @BeforeEach
    void side() throws IOException {
        side = new Side();
        // While changed code is read, after another test, nothing is kept.
        await().until(() -> isHit(get("/api/kept")));
    }

    @AfterEach
    void noSide() throws IOException {
        side.close();
    }

    private String kept(String more) {
        return "/api/kept?" + side.query() + more;
    }

    private int runs() throws IOException {
        Path file = side.path().resolve("runs");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    private static boolean isHit(Answer answer) {
        return answer.header("Cache-Status").startsWith("Relais; hit");
    }

    @ParameterizedTest
    @EnumSource
    void aKeptAnswerIsGivenAgain(Protocol protocol) throws IOException {
        for (int size : List.of(0, 5, 1_000, 65_000, 1_000_000, 1_500_000)) {
            String target = kept("&size=" + size + "&" + protocol + "&head[]=Content-Type:application/x");
            try (Client client = connect(protocol)) {
                byte[] made = client.get(target).answer().body();
                for (int i = 0; i < 3; i++) {
                    Answer again = client.get(target).answer();
                    assertTrue(isHit(again), again.header("Cache-Status"));
                    assertArrayEquals(made, again.body());
                    assertEquals(Integer.toString(size), again.header("Content-Length"));
                }
                client.request("HEAD", target);
                assertEquals(Integer.toString(size), client.head().header("Content-Length"));
                assertEquals(
                        size == 0 ? 416 : 206,
                        client.get(target, "Range", "bytes=0-").answer().status());
            }
        }
        assertEquals(6, runs());
    }

    @ParameterizedTest
    @EnumSource
    void aLargeAnswerIsGivenFromAFile(Protocol protocol) throws IOException {
        String target = kept("&size=2000000&" + protocol);
        double before = meter("relais_spool_bytes");
        try (Client client = connect(protocol)) {
            byte[] made = client.get(target).answer().body();
            await().until(() -> meter("relais_spool_bytes") >= before + 2_000_000);
            for (int i = 0; i < 3; i++) {
                assertArrayEquals(made, client.get(target).answer().body());
            }
            Answer part = client.get(target, "Range", "bytes=1000003-1999999").answer();
            assertArrayEquals(Arrays.copyOfRange(made, 1_000_003, 2_000_000), part.body());
        }
        assertEquals(1, runs());
    }

    @Test
    void aThousandSimultaneousMissesRunPhpOnce() throws IOException {
        String target = kept("&gate=go");
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                clients.add(connect().get(target));
            }
            side.await("waits");
            await().until(() -> gateway.inFlight() == 1000);
            assertEquals(1, busy());
            side.open("go");
            int collapsed = 0;
            for (RawClient client : clients) {
                Answer answer = client.answer();
                assertEquals("kept", answer.text());
                collapsed += answer.header("Cache-Status").contains("collapsed") ? 1 : 0;
            }
            assertEquals(999, collapsed);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        assertEquals(1, runs());
        assertTrue(isHit(get(target)));
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerReachesFollowersWhileItArrivesAndAfterItsLeaderIsGone(Protocol protocol) throws IOException {
        String target = kept("&first=one,&gate=go&" + protocol);
        Client leader = connect(protocol);
        leader.get(target).head();
        try (Client follower = connect(protocol);
                Client other = connect(protocol)) {
            follower.get(target).head();
            assertEquals("one,", new String(follower.piece(), StandardCharsets.UTF_8));
            leader.close();
            other.get(target).head();
            assertEquals("one,", new String(other.piece(), StandardCharsets.UTF_8));
            side.open("go");
            assertEquals("kept", new String(follower.piece(), StandardCharsets.UTF_8));
            assertEquals("kept", new String(other.piece(), StandardCharsets.UTF_8));
            assertEquals(0, follower.piece().length);
        }
        assertEquals(1, runs());
        assertEquals("one,kept", get(target).text());
    }

    @Test
    void requestsThatWaitBehindOneAnotherGetLargeAndSmallAnswersInTheirOrder() throws IOException {
        String target = kept("&size=100000");
        get(target);
        try (RawClient client = connect()) {
            for (int i = 0; i < 20; i++) {
                client.get(i % 2 == 0 ? target : "/api/kept");
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(i % 2 == 0 ? 100_000 : 4, client.answer().body().length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatStopsReadingOrLeavesDisturbsNoOther(Protocol protocol) throws IOException {
        String target = kept("&size=2000000&" + protocol);
        byte[] made = get(target).body();
        await().until(() -> meter("relais_spool_bytes") >= 2_000_000);
        try (Client slow = connect(protocol)) {
            slow.get(target).head();
            Client leaving = connect(protocol);
            leaving.get(target).head();
            leaving.close();
            assertArrayEquals(made, get(target).body());
            assertArrayEquals(made, rest(slow));
        }
        assertArrayEquals(made, lastAnswer(target).body());
    }

    private static byte[] rest(Client client) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece; (piece = client.piece()).length > 0; ) {
            all.write(piece);
        }
        return all.toByteArray();
    }

    private Answer lastAnswer(String target) throws IOException {
        try (RawClient client = connect()) {
            return client.head("GET " + target + " HTTP/1.1", "Host: localhost", "Connection: close")
                    .answer();
        }
    }

    @Test
    void theSpaceOfAFileIsGivenBackWhenItsAnswerIsPurged() throws IOException {
        String target = "/api/kept/file?" + side.query() + "&size=2000000";
        double before = meter("relais_spool_bytes");
        get(target);
        await().until(() -> meter("relais_spool_bytes") >= before + 2_000_000);
        purge("/kept");
        await().until(() -> {
            System.gc();
            return meter("relais_spool_bytes") < 2_000_000;
        });
    }

    @Test
    void changedCodeNeverAnswersFromTheResultsOfTheOldOne() throws IOException {
        Path script = directory.resolve("changing.php");
        try {
            for (int i = 0; i < 5; i++) {
                String text = "version " + i;
                Files.writeString(script, "<?php header('Cache-Control: max-age=60'); echo '" + text + "';");
                await().until(() -> get("/api/changing").text().equals(text));
                await().until(() -> isHit(get("/api/changing")));
                assertEquals(text, get("/api/changing").text());
            }
        } finally {
            Files.delete(script);
        }
        // PHP alone says 404 as well, before the gateway has seen the change: that would fall into the next test.
        await().until(() ->
                "application/problem+json".equals(get("/api/changing").header("Content-Type")));
        // A change is told once more some tenths of a second later, as doubtful.
        await().during(Duration.ofSeconds(1)).until(() -> isHit(get("/api/kept")));
    }

    private Answer purge(String path) throws IOException {
        try (RawClient client = RawClient.connect(management.getPort())) {
            return client.head("DELETE /q/relais/cache" + path + " HTTP/1.1", "Host: localhost")
                    .answer();
        }
    }

    @Test
    void operatorsPurgeByFunctionPathAndTag() throws IOException {
        String target = "/api/kept/a/b?" + side.query() + "&head[]=Cache-Tag:x";
        String other = "/api/kept/c?" + side.query();
        get(target);
        get(other);
        assertEquals(404, purge("/none").status());
        assertEquals(400, purge("?tags=x").status());
        assertEquals(400, purge("?soft=yes").status());
        assertEquals(1, JsonPath.from(purge("/kept/a").text()).getInt("purged"));
        assertTrue(isHit(get(other)));
        get(target);
        assertEquals(3, runs());
        try (LogLines log = new LogLines()) {
            assertEquals(1, JsonPath.from(purge("?tag=x&soft=false").text()).getInt("purged"));
            assertEquals(
                    List.of("Answers are purged for an operator: function=\"\" path=\"\" tag=x soft=false count=1"
                            + " from=127.0.0.1"),
                    log.lines().filter(line -> line.contains("purged")).toList());
        }
        get(target);
        assertEquals(4, runs());
        assertTrue(JsonPath.from(purge("/kept").text()).getInt("purged") >= 2);
        get(target);
        assertEquals(5, runs());
        JsonPath status = JsonPath.from(manage("/q/relais/cache").text());
        assertTrue(status.getBoolean("enabled"));
        assertTrue(status.getInt("functions.kept.requests.hit") > 0);
        assertTrue(status.getInt("functions.kept.bytes") > 0);
        assertTrue(meter("relais_cache_requests_total") > 0);
    }

    @Test
    void whatIsNotKeptIsNamedWithItsReason() throws IOException {
        get("/api/hello");
        Answer answer = get("/api/hello");
        assertEquals("Relais; fwd=uri-miss; detail=not-asked", answer.header("Cache-Status"));
        assertTrue(JsonPath.from(manage("/q/relais/cache").text()).getInt("functions.hello.notStored.not-asked") > 0);
    }
}
