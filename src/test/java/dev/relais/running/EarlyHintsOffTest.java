package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.testing.Answer;
import dev.relais.testing.Client;
import dev.relais.testing.Protocol;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Early hints as they are without any setting: HTTP/2 alone gets them. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class EarlyHintsOffTest extends RunningGateway {
    @ParameterizedTest
    @EnumSource
    void onlyHttp2GetsThem(Protocol protocol) throws IOException {
        try (Client client = connect(protocol)) {
            Answer first = client.get("/api/hints?how=plain").head();

            assertEquals(protocol.isHttp2() ? 103 : 200, first.status());
            assertEquals("</style.css>; rel=preload; as=style", first.header("Link"));
        }
    }
}
