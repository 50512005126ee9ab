package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each request that has ended has one line, whoever has answered it. */
@QuarkusTest
@TestProfile(AccessLogProfile.class)
class AccessLogTest extends RunningGateway {
    @ConfigProperty(name = "relais.access-log.file")
    Path file;

    private List<JsonObject> lines(String id) {
        try {
            return Files.readAllLines(file).stream()
                    .map(JsonObject::new)
                    .filter(line -> id.equals(line.getString("id")))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The only line of a request, which is awaited. */
    private JsonObject line(String id) {
        await("the line of " + id).until(() -> !lines(id).isEmpty());
        List<JsonObject> lines = lines(id);
        assertEquals(1, lines.size(), lines::toString);
        return lines.get(0);
    }

    private JsonObject lineOf(Answer answer) {
        return line(answer.header("X-Request-Id"));
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerOfPhpTellsWhereItWasMadeAndHowLongThatTook(Protocol protocol) throws IOException {
        try (Client client = connect(protocol)) {
            Answer answer = client.get("/api/hello?name=Ada", "User-Agent", "a \"quoted\" \\ one")
                    .answer();
            JsonObject line = lineOf(answer);
            assertEquals("/api/hello?name=Ada", line.getString("target"));
            assertEquals(protocol.isHttp2() ? "HTTP/2.0" : "HTTP/1.1", line.getString("protocol"));
            assertEquals("a \"quoted\" \\ one", line.getString("userAgent"));
            assertEquals(200, line.getInteger("status"));
            assertEquals("php", line.getString("source"));
            assertEquals("whole", line.getString("ending"));
            assertEquals("hello", line.getString("function"));
            assertTrue(line.getString("script").startsWith("/api/hello"), line::encode);
            assertTrue(line.getInteger("generation") >= 0, line::encode);
            assertEquals(0, line.getInteger("retries"));
            assertTrue(line.getLong("pid") > 1, line::encode);
            assertTrue(line.getInteger("worker") < 2, line::encode);
            double php = line.getDouble("phpSeconds");
            double all = line.getDouble("seconds");
            assertTrue(php > 0 && php + line.getDouble("writeSeconds") <= all + 0.000_002, line::encode);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200, file,   ,                    GET,  /api/site/style.css",
        "301, file,   ,                    GET,  /api/site/sub",
        "404, relais, function-not-found,  GET,  /api/nothing-of-this-name",
        "404, relais, function-not-found,  GET,  /elsewhere",
        "400, relais, malformed-target,    GET,  /api/hello%zz",
        "405, relais, method-not-allowed,  POST, /api/site/style.css",
        "405, relais, method-not-allowed,  TRACE, /api/hello",
        "502, relais, function-failed,     GET,  /api/end?how=kill",
        "502, relais, invalid-answer,      GET,  '/api/headers?body=x&head[]=HTTP/1.1%20999999%20None'",
        "504, relais, timeout,             GET,  /api/stubborn",
        "503, php,    ,                    GET,  '/api/headers?body=x&head[]=HTTP/1.1%20503%20None'",
        "200, php,    ,                    HEAD, /api/hello",
    })
    void whoHasGivenTheAnswerIsTold(int status, String source, String problem, String method, String target)
            throws IOException {
        try (RawClient client = connect()) {
            client.head(method + " " + target + " HTTP/1.1", "Host: localhost", "Content-Length: 0");
            Answer answer = method.equals("HEAD") ? client.answerHead() : client.answer();
            assertEquals(status, answer.status());
            JsonObject line = lineOf(answer);
            assertEquals(status, line.getInteger("status"), line::encode);
            assertEquals(source, line.getString("source"), line::encode);
            assertEquals(problem, line.getString("problem"), line::encode);
            assertEquals(method, line.getString("method"));
            assertEquals(target, line.getString("target"));
            assertEquals("whole", line.getString("ending"));
        }
    }

    @Test
    void anAnswerThatIsGivenAgainIsTheCaches() throws IOException {
        String target = "/api/kept?size=5&of=AccessLogTest";
        await().until(() -> get(target).header("Cache-Status").startsWith("Relais; hit"));
        JsonObject line = lineOf(get(target));
        assertEquals("cache", line.getString("source"), line::encode);
        assertEquals("hit", line.getString("cache"), line::encode);
        assertEquals("kept", line.getString("function"));
        assertEquals(5, line.getInteger("bytesOut"));
        assertNull(line.getValue("pid"), line::encode);
        assertNull(line.getValue("phpSeconds"), line::encode);
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatBreaksOffIsSaidToDoSo(Protocol protocol) throws IOException {
        String id = "broken-" + protocol;
        try (Client client = connect(protocol);
                Side side = new Side()) {
            client.get("/api/headers?body=ab&flush=1&head[]=Content-Length:5&" + side.query(), "X-Request-Id", id);
            client.head();
            side.open("gate"); // an answer that is whole before its head goes out is corrected
            assertTrue(client.isBrokenOff());
        }
        JsonObject line = line(id);
        assertEquals("broken-off", line.getString("ending"), line::encode);
        assertEquals("php", line.getString("source"), line::encode);
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatHangsUpIsSaidToBeGone(Protocol protocol) throws IOException {
        String id = "gone-" + protocol;
        try (Client client = connect(protocol)) {
            client.get("/api/endless", "X-Request-Id", id);
            client.head();
            client.cancel();
        }
        JsonObject line = line(id);
        assertEquals("client-gone", line.getString("ending"), line::encode);
        assertEquals(499, line.getInteger("status"), line::encode);
    }

    /** The kernel may not know their addresses any more when their lines are made. */
    @Test
    void clientsThatVanishAtOnceAreNoFault() throws IOException {
        double before = meter("relais_faults_total");
        for (int i = 0; i < 100; i++) {
            RawClient client = connect();
            client.head("GET /api/none HTTP/1.1", "Host: localhost", "X-Request-Id: vanished-" + i);
            client.vanish();
        }
        lineOf(get("/api/hello"));
        assertEquals(before, meter("relais_faults_total"));
    }

    @Test
    void whatIsRunOnceMoreSaysSo() throws IOException {
        try (Side side = new Side()) {
            Answer answer = get("/api/again/crowded?" + side.query());
            assertEquals(200, answer.status());
            assertEquals(1, lineOf(answer).getInteger("retries"));
        }
    }

    @Test
    void theBytesOfBothBodiesAreCounted() throws IOException {
        try (RawClient client = connect()) {
            Answer answer = client.head("POST /api/body HTTP/1.1", "Host: localhost", "Content-Length: 6")
                    .send("123456")
                    .answer();
            JsonObject line = lineOf(answer);
            assertEquals(6, line.getInteger("bytesIn"), line::encode);
            assertEquals(answer.body().length, line.getInteger("bytesOut"), line::encode);
        }
    }
}
