package dev.relais.dev;

import io.quarkus.runtime.LaunchMode;
import jakarta.inject.Singleton;

/** Whether this is {@code quarkus:dev}. Any thread. */
@Singleton
public class DevMode {
    public boolean isOn() {
        return LaunchMode.current() == LaunchMode.DEVELOPMENT;
    }
}
