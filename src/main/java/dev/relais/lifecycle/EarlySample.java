package dev.relais.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * A sample between two ticks, which is requested when a worker has become slow. It is requested on an event loop, in the middle
 * of the stall that has made the exchanges slow, so a request costs only an entry in a queue: no thread is started, requests
 * that come meanwhile share one sample, and it is taken on an existing thread when a short stall is over. Any thread.
 */
final class EarlySample {
    /** Longer than a collector's or a scheduler's stall, and far shorter than the interval between two samples. */
    static final Duration STALL = Duration.ofMillis(20);

    private final boolean useful;
    private final BiConsumer<Runnable, Duration> later;
    private final Runnable sample;
    private final AtomicBoolean asked = new AtomicBoolean();

    /**
     * @param workers how many there are: one alone is ranked first, whatever a sample says of it, so none is taken
     * @param later runs a task on another thread after so long
     * @param sample takes the sample
     */
    EarlySample(int workers, BiConsumer<Runnable, Duration> later, Runnable sample) {
        this.useful = workers > 1;
        this.later = later;
        this.sample = sample;
    }

    void ask() {
        if (useful && asked.compareAndSet(false, true)) {
            later.accept(this::take, STALL);
        }
    }

    private void take() {
        asked.set(false); // before the look: what becomes slow from now on asks again
        sample.run();
    }
}
