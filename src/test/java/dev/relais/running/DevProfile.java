package dev.relais.running;

import dev.relais.dev.DevMode;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Like {@link RunningProfile}, but with the help of dev mode, which {@code quarkus:dev} alone has. */
public class DevProfile extends RunningProfile {
    /** Says that it is {@code quarkus:dev}. */
    @Alternative
    @Singleton
    public static class On extends DevMode {
        @Override
        public boolean isOn() {
            return true;
        }
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(On.class);
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> all = new HashMap<>(super.getConfigOverrides());
        all.put("relais.dev.live-reload", "true");
        all.put("relais.dev.source-lines", "2");
        return all;
    }
}
