package dev.relais.running;

import java.util.HashMap;
import java.util.Map;

/** Like {@link RunningProfile}, but a missing child is noticed soon. */
public class MissingProfile extends RunningProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> all = new HashMap<>(super.getConfigOverrides());
        all.put("relais.workers.start-timeout", "3s");
        all.put("relais.workers.restart-delay-max", "1s");
        return all;
    }
}
