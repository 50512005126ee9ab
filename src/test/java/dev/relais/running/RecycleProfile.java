package dev.relais.running;

import java.util.HashMap;
import java.util.Map;

/** Like {@link RunningProfile}, but children are replaced soon, one at a time. */
public class RecycleProfile extends RunningProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> all = new HashMap<>(super.getConfigOverrides());
        all.put("relais.recycle.requests", "25");
        all.put("relais.recycle.age", "3s");
        all.put("relais.recycle.memory", "12M");
        all.put("relais.recycle.share", "0.25");
        return all;
    }
}
