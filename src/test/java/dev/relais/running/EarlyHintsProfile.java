package dev.relais.running;

import java.util.HashMap;
import java.util.Map;

/** As with the access log, and with early hints for HTTP/1.1. */
public class EarlyHintsProfile extends AccessLogProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
        settings.put("relais.http.early-hints-http1", "true");
        return settings;
    }
}
