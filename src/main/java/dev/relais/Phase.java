package dev.relais;

import jakarta.inject.Singleton;

/** Where in its life the gateway is: written by {@code lifecycle} alone, read by all. */
@Singleton
public class Phase {
    private volatile boolean draining;

    /** True once the gateway is stopping: what was accepted is still answered, nothing new is asked for. */
    public boolean isDraining() {
        return draining;
    }

    public void drain() {
        draining = true;
    }
}
