package dev.relais.running;

import dev.relais.testing.FreePorts;
import dev.relais.testing.Xdebug;
import java.util.HashMap;
import java.util.Map;

/** As the usual one, with a key for debugging, short limits of the debug lane, and a port for a debugger. */
public class DebugProfile extends RunningProfile {
    static final String KEY = "a key that only this test knows";

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
        settings.put("relais.debug.key", KEY);
        settings.put("relais.debug.extension", Xdebug.path());
        settings.put("relais.debug.client-port", Integer.toString(FreePorts.next()));
        settings.put("relais.debug.time-limit", "1s");
        settings.put("relais.debug.idle-timeout", "2s");
        settings.put("relais.debug.kept-files", "3");
        return settings;
    }
}
