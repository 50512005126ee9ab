package dev.relais.differential;

import dev.relais.running.RunningProfile;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
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

    @Test
    void nginxAndRelaisDifferInWhatIsListedOnly() throws IOException {
        Comparison comparison = new Comparison(IntendedDifference.values());
        try (Nginx nginx = new Nginx(functions)) {
            Server one = new Server(nginx.port());
            Server other = new Server(http.getPort());
            for (Request request : Request.all(other)) {
                comparison.compare(request, one, other);
            }
        }
        comparison.check("differential", 300);
    }
}
