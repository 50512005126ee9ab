package dev.relais.admission;

import dev.relais.ConfigurationProblem;
import dev.relais.Ranges;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;

/** The queue of invocations that wait for a free child. */
@ConfigMapping(prefix = "relais.queue")
public interface QueueConfig {
    /**
     * How many invocations may wait for a free child; more are refused with 503; 0 to 1000000. Empty: as many as the memory for
     * requests holds.
     */
    OptionalInt capacity();

    /** How long an invocation may wait for a free child before it is refused with 503. */
    @WithDefault("10s")
    Duration maxWait();

    /** Whether of invocations that compute no more run at a time than the processors have work for. Those that wait are not limited. */
    @WithDefault("false")
    boolean adaptiveLimit();

    /** An invocation of a function whose priority is one step lower is served as if it had come this much later. */
    @WithDefault("1s")
    Duration priorityStep();

    /** @throws ConfigurationProblem naming the first key that is out of its range */
    static void check(QueueConfig config) {
        check(config.capacity().orElse(0), config.maxWait(), config.priorityStep());
    }

    /** Checks single values like {@link #check(QueueConfig)}. */
    static void check(int capacity, Duration maxWait, Duration priorityStep) {
        Ranges.number("relais.queue.capacity", capacity, 0, 1_000_000);
        Ranges.time("relais.queue.max-wait", maxWait, Duration.ofMillis(1), Ranges.DAY);
        Ranges.time("relais.queue.priority-step", priorityStep, Duration.ZERO, Duration.ofHours(1));
    }
}
