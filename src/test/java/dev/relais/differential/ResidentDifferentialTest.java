package dev.relais.differential;

import dev.relais.running.ResidentProfile;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
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
            }
        }
        comparison.check("differential of resident functions", 1_000);
    }
}
