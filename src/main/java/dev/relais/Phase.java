package dev.relais;

import jakarta.inject.Singleton;

/** The phase of the gateway's life, which only {@code lifecycle} writes and all may read. */
@Singleton
public class Phase {
    private volatile boolean draining;
    private volatile boolean warmingUp;

    /** True once the gateway is stopping: what was accepted is still answered, nothing new is asked for. */
    public boolean isDraining() {
        return draining;
    }

    public void drain() {
        draining = true;
    }

    /** True from the start until the gateway has warmed up: what comes is served, but not as fast as later. */
    public boolean isWarmingUp() {
        return warmingUp;
    }

    public void warmUp() {
        warmingUp = true;
    }

    public void warmedUp() {
        warmingUp = false;
    }
}
