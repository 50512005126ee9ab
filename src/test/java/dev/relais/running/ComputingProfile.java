package dev.relais.running;

import java.util.HashMap;
import java.util.Map;

/** One worker with more children than runs that compute can use on this machine. */
public class ComputingProfile extends RunningProfile {
    static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    static final int CHILDREN = 2 * PROCESSORS + 8;

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> config = new HashMap<>(super.getConfigOverrides());
        config.put("relais.workers.count", "1");
        config.put("relais.workers.children", Integer.toString(CHILDREN));
        config.put("relais.queue.adaptive-limit", "true");
        return config;
    }
}
