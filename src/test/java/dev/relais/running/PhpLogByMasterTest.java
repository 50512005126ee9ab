package dev.relais.running;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Children write to their masters, as they do where PHP has no FFI. */
@QuarkusTest
@TestProfile(PhpLogByMasterTest.WithoutFfi.class)
class PhpLogByMasterTest extends PhpLogCases {
    /** As {@link RunningProfile}. */
    public static class WithoutFfi extends RunningProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> all = new HashMap<>(super.getConfigOverrides());
            all.put("relais.workers.php-settings.\"ffi.enable\"", "0");
            return all;
        }
    }

    @Test
    void everyChildWritesToItsMaster() throws IOException {
        for (int i = 0; i < 20; i++) {
            assertTrue(get("/api/say?to=where").text().startsWith("pipe:"));
        }
    }

    /** As much as the master's pipe takes at once (src/docs/facts.md, fact 10). */
    @Override
    int mostAtDeath() {
        return 30_000;
    }
}
