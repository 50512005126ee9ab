package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.relais.testing.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outside dev mode nothing of it is there, whatever a client says that it takes. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class NoDevModeTest extends RunningGateway {
    private Answer browse(String target) throws IOException {
        return ask("GET " + target + " HTTP/1.1", "Host: localhost", "Accept: text/html");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/", "/q/relais-dev/changes", "/q/relais-dev/live-reload.js"})
    void itsPagesAreNotThere(String target) throws IOException {
        Answer answer = browse(target);
        assertEquals(404, answer.status());
        assertEquals("application/problem+json", answer.header("Content-Type"));
    }

    @Test
    void anErrorShowsNothingOfTheSource() throws IOException {
        Answer answer = browse("/api/broken/parse");
        assertEquals(500, answer.status());
        assertFalse(answer.text().contains("parse.php"), answer.text());
        assertFalse(answer.text().contains("this is not PHP"), answer.text());
    }
}
