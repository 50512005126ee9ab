package dev.relais.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** What the result cache has done for each function of which it has kept an answer, read from its own counts. Any thread. */
@Singleton
public class CacheMeters {
    private final ObservedMeters meters;

    @Inject
    CacheMeters(MeterRegistry registry) {
        this.meters = new ObservedMeters(registry);
    }

    /** @param count requests with this outcome */
    public <T> void requests(String function, String outcome, T counts, ToDoubleFunction<T> count) {
        meters.counter(
                "relais.cache.requests",
                "GET and HEAD requests by how they got their answer",
                null,
                counts,
                count,
                "function",
                function,
                "outcome",
                outcome);
    }

    /** @param count stale answers that were given for this reason */
    public <T> void stale(String function, String reason, T counts, ToDoubleFunction<T> count) {
        meters.counter(
                "relais.cache.stale",
                "Stale answers that were given, by the reason",
                null,
                counts,
                count,
                "function",
                function,
                "reason",
                reason);
    }

    /** @param count answers that were kept */
    public <T> void stored(String function, T counts, ToDoubleFunction<T> count) {
        meters.counter("relais.cache.stored", "Answers that were kept", null, counts, count, "function", function);
    }

    /** @param count answers that were not kept for this reason */
    public <T> void notStored(String function, String reason, T counts, ToDoubleFunction<T> count) {
        meters.counter(
                "relais.cache.not.stored",
                "Answers that were not kept, by the reason",
                null,
                counts,
                count,
                "function",
                function,
                "reason",
                reason);
    }

    /** @param count answers that were evicted for want of room */
    public <T> void evicted(String function, T counts, ToDoubleFunction<T> count) {
        meters.counter(
                "relais.cache.evicted",
                "Kept answers that were evicted for want of room",
                null,
                counts,
                count,
                "function",
                function);
    }

    /** @param seconds that PHP took for the answers that were given again, in sum */
    public <T> void saved(String function, T counts, ToDoubleFunction<T> seconds) {
        meters.counter(
                "relais.cache.saved",
                "Time that PHP would have taken for the answers that it did not have to make",
                "seconds",
                counts,
                seconds,
                "function",
                function);
    }

    /** @param seconds the ages of the answers that were given again, in sum */
    public <T> void age(String function, T counts, ToDoubleFunction<T> seconds) {
        meters.counter(
                "relais.cache.age",
                "Ages of the answers that were given again, in sum",
                "seconds",
                counts,
                seconds,
                "function",
                function);
    }

    /** @param bytes that the kept answers take */
    public <T> void bytes(String function, T cache, ToDoubleFunction<T> bytes) {
        meters.gauge(
                "relais.cache.size", "Memory that the kept answers take", "bytes", cache, bytes, "function", function);
    }
}
