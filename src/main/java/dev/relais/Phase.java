package dev.relais;

import jakarta.inject.Singleton;

/** The phase of the gateway's life, which only {@code lifecycle} writes and all may read. */
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
