package dev.relais.worker;

import java.time.Duration;
import java.util.OptionalInt;

/** The configuration of a single worker, with the time limits of the others. */
record OneWorker(WorkersConfig others) implements WorkersConfig {
    @Override
    public int count() {
        return 1;
    }

    @Override
    public OptionalInt children() {
        return others.children();
    }

    @Override
    public Duration startTimeout() {
        return others.startTimeout();
    }

    @Override
    public Duration stopTimeout() {
        return others.stopTimeout();
    }

    @Override
    public Duration restartDelay() {
        return others.restartDelay();
    }

    @Override
    public Duration restartDelayMax() {
        return others.restartDelayMax();
    }
}
