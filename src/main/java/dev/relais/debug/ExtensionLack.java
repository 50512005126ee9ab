package dev.relais.debug;

import dev.relais.ConfigurationProblem;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * That PHP lacks the extension. PHP is run to find that out, for which the supervisor waits: so it counts for a while and in all modes, and
 * however many requests come, most of the supervisor's time is left for the workers. Confined to the supervisor's thread.
 */
final class ExtensionLack {
    private static final Duration LEAST = Duration.ofSeconds(10);
    /** It counts at least for so many times as long as it took to find out. */
    private static final int TIMES = 9;

    private final LongSupplier nanos;
    private @Nullable ConfigurationProblem problem;
    private long untilNanos;

    /** @param nanos as {@link System#nanoTime} */
    ExtensionLack(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What was found out of late; null when that is to be done anew. */
    @Nullable
    ConfigurationProblem known() {
        if (problem != null && nanos.getAsLong() - untilNanos >= 0) {
            problem = null;
        }
        return problem;
    }

    /** @param sinceNanos when it was begun to find this out */
    void found(ConfigurationProblem lack, long sinceNanos) {
        long now = nanos.getAsLong();
        problem = lack;
        untilNanos = now + Math.max(LEAST.toNanos(), TIMES * (now - sinceNanos));
    }
}
