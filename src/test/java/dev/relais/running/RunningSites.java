package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.functions.Functions;
import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Protocol;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The sites of {@link SitesResource}, running. */
abstract class RunningSites extends RunningGateway {
    static final List<Protocol> PROTOCOLS = List.of(Protocol.HTTP_1_1, Protocol.H2C);

    @Inject
    Functions functions;

    @ConfigProperty(name = "relais.test.sites")
    Path base;

    final Answer ask(Protocol protocol, String method, String host, String target, String... fields)
            throws IOException {
        if (protocol == Protocol.HTTP_1_1) {
            List<String> lines = new ArrayList<>(List.of(method + " " + target + " HTTP/1.1", "Host: " + host));
            for (int i = 0; i < fields.length; i += 2) {
                lines.add(fields[i] + ": " + fields[i + 1]);
            }
            return ask(lines.toArray(String[]::new));
        }
        List<String> all =
                new ArrayList<>(List.of(":method", method, ":scheme", "http", ":path", target, ":authority", host));
        for (String field : fields) {
            all.add(field.toLowerCase(Locale.ROOT));
        }
        try (Client client = connect(protocol)) {
            boolean isWhole = !List.of(fields).contains("11"); // the length of a body that does not come
            return ((Http2Stream) client)
                    .beginWith(isWhole, all.toArray(String[]::new))
                    .answer();
        }
    }

    final Answer at(String host, String target, String... fields) throws IOException {
        return ask(Protocol.HTTP_1_1, "GET", host, target, fields);
    }

    final JsonPath seen(String host, String target) throws IOException {
        Answer answer = at(host, target);
        assertEquals(200, answer.status(), target);
        return JsonPath.from(answer.text());
    }
}
