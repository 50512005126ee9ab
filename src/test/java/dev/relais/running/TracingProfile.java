package dev.relais.running;

import dev.relais.testing.FreePorts;
import java.util.HashMap;
import java.util.Map;

/** As the usual one, with spans of all requests for a receiver that the test opens. */
public class TracingProfile extends RunningProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
        settings.put("relais.tracing.endpoint", "http://127.0.0.1:" + FreePorts.next());
        settings.put("relais.tracing.headers", "x-token=secret, x-other=b");
        settings.put("relais.tracing.ratio", "1");
        return settings;
    }
}
