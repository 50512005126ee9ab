package dev.relais.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.running.ResidentProfile;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A script that a resident function calls for each request sees what it sees behind nginx and PHP-FPM, and so do its clients. */
@QuarkusTest
@TestProfile(ResidentProfile.class)
class ResidentDifferentialTest {
    @TestHTTPResource("/")
    URI http;

    @ConfigProperty(name = "relais.functions.directory")
    Path functions;

    @Test
    void nginxAndResidentFunctionsDifferInWhatIsListedOnly() throws IOException {
        Comparison comparison = new Comparison(IntendedDifference.values(), ResidentDifference.values());
        try (Nginx nginx = new Nginx(functions, ResidentProfile.SETTINGS)) {
            Server one = new Server(nginx.port());
            Server other = new Server(http.getPort());
            for (Request request : Request.all(other)) {
                comparison.compare(request, one, other);
            }
            for (Request request : Bodies.all()) {
                if (request.requestLine().contains(Request.ECHO)) {
                    comparison.compare(request.streamed(), one, other);
                }
            }
            for (String function : ResidentProfile.COURSES) {
                for (Request request : Courses.all(function, other.cases(Courses.path(function)))) {
                    comparison.compare(request, one, other);
                }
                for (String query : new String[] {"", "&ignore"}) {
                    String endless = Courses.target(function, "output without an end") + query;
                    one.hangUpOn(endless);
                    other.hangUpOn(endless);
                    Request after = Courses.get(function, "what was after a client had gone");
                    comparison.compare(after.named(after.name() + query), one, other);
                }
            }
        }
        comparison.check("differential of resident functions", 1_000);
    }

    /** The answers of a child that has served a thousand other requests are those of one that has served none. */
    @Test
    void nothingOfOneRequestIsInAnother() throws IOException {
        Server server = new Server(http.getPort());
        List<Request> kinds = new ArrayList<>(Courses.all("course", server.cases(Courses.path("course"))));
        kinds.removeIf(request -> !isRepeatable(request.name()));
        kinds.addAll(Bodies.all());
        kinds.removeIf(
                request -> request.name().endsWith("over the limit")); // that is the gateway's answer, with an id
        Request process = Courses.get("course", "process");
        String pid = server.ask(process).get("body");
        List<Map<String, String>> first = new ArrayList<>();
        for (Request request : kinds) {
            first.add(withoutIds(server.ask(request)));
        }
        Random random = new Random(17);
        for (int i = 0; i < 1_000; i++) {
            int kind = random.nextInt(kinds.size());
            Request request = kinds.get(kind);
            assertEquals(first.get(kind), withoutIds(server.ask(request)), () -> request.name());
        }
        assertEquals(pid, server.ask(process).get("body"), "one process");
    }

    /** Each request has its own; and whether an answer is complete with its first read is a matter of time. */
    private static Map<String, String> withoutIds(Map<String, String> facts) {
        facts.keySet()
                .removeIf(name -> name.matches("(?i).*(request[-_]id|unique_id|transfer-encoding|content-length).*"));
        return facts;
    }

    /** Whether the answer does not depend on the requests before, and the process goes on after it. */
    private static boolean isRepeatable(String name) {
        return Stream.of(
                        "exit",
                        "fatal",
                        "uncaught",
                        "exception handler",
                        "throws",
                        "that is none",
                        "used up",
                        "time up",
                        "error",
                        "unknown kind",
                        "session",
                        "one before",
                        "after uploads",
                        "early end",
                        "stays",
                        "missing file",
                        "in a callback",
                        "cannot be read",
                        "constant",
                        "function and class",
                        "rewritten",
                        "no buffer")
                .noneMatch(name::contains);
    }
}
