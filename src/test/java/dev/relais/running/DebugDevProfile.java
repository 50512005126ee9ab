package dev.relais.running;

import java.util.HashMap;
import java.util.Map;

/** Dev mode with an extension for debugging that PHP does not have. */
public class DebugDevProfile extends DevProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
        settings.put("relais.debug.extension", "nosuch");
        return settings;
    }
}
