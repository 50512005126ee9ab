package dev.relais.differential;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.running.RunningProfile;
import dev.relais.testing.RawClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A PHP application that runs behind nginx and PHP-FPM sees the same behind Relais, and so do its clients. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class DifferentialTest {
    @TestHTTPResource("/")
    URI http;

    @ConfigProperty(name = "relais.functions.directory")
    Path functions;

    private final Map<IntendedDifference, Integer> seen = new EnumMap<>(IntendedDifference.class);
    private final List<String> unexpected = new ArrayList<>();
    private int identical;

    @Test
    void nginxAndRelaisDifferInWhatIsListedOnly() throws IOException {
        List<Request> requests;
        try (Nginx nginx = new Nginx(functions)) {
            Server one = new Server(nginx.port());
            Server other = new Server(http.getPort());
            requests = requests();
            for (Request request : requests) {
                compare(request, one.ask(request), other.ask(request));
            }
        }
        System.out.printf(
                "differential: %d requests: %d identical, %d with a listed difference, %d with another one; %s%n",
                requests.size(), identical, requests.size() - identical, unexpected.size(), seen);
        Set<IntendedDifference> outdated = EnumSet.allOf(IntendedDifference.class);
        outdated.removeAll(seen.keySet());
        assertAll(
                () -> assertTrue(requests.size() >= 300, () -> requests.size() + " requests"),
                () -> assertEquals("", String.join("\n", unexpected), "differences that are not listed"),
                () -> assertEquals(Set.of(), outdated, "listed, but no longer there"));
    }

    private List<Request> requests() throws IOException {
        List<Request> all = new ArrayList<>(Targets.all());
        all.addAll(Headers.all());
        all.addAll(Bodies.all());
        try (RawClient client = RawClient.connect(http.getPort())) {
            all.addAll(Answers.all(
                    client.get(Request.ANSWER).answer().text().lines().toList()));
        }
        Set<String> names = new HashSet<>();
        all.forEach(request -> assertTrue(names.add(request.name()), () -> "twice: " + request.name()));
        return all;
    }

    private void compare(Request request, Map<String, String> nginx, Map<String, String> relais) {
        boolean equal = true;
        List<Difference> others = new ArrayList<>();
        for (Difference difference : Difference.between(request, nginx, relais)) {
            boolean listed = false;
            for (IntendedDifference intended : IntendedDifference.values()) {
                if (intended.covers(difference)) {
                    seen.merge(intended, 1, Integer::sum);
                    listed = true;
                    equal &= intended.everywhere;
                }
            }
            if (!listed) {
                others.add(difference);
                equal = false;
            }
        }
        others.forEach(difference -> unexpected.add(difference.toString()));
        identical += equal ? 1 : 0;
    }
}
