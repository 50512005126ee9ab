package dev.relais.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Counts what happens once for each invocation. Any thread. */
@Singleton
public class InvocationMeters implements InvocationObserver {
    /** The label of requests that reached no function; no function can have this name. */
    private static final String NONE = "(none)";

    private final MeterRegistry registry;
    private final FunctionMeters none;
    private final Timer wait;
    private final Counter faults;
    private final Map<String, FunctionCounts> counts = new ConcurrentHashMap<>(); // by the function's name

    @Inject
    InvocationMeters(MeterRegistry registry) {
        this.registry = registry;
        this.none = new FunctionMeters(registry, NONE);
        this.counts.put(NONE, none.counts());
        this.faults = Counter.builder("relais.faults")
                .description("Invocations that an unexpected exception inside Relais has ended")
                .register(registry);
        this.wait = Timer.builder("relais.queue.wait")
                .description("Time that served invocations waited for a free PHP child")
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(10),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10))
                .register(registry);
    }

    /**
     * Makes the meters of a function.
     *
     * @param running how many of its invocations run now
     * @param waiting how many of its invocations wait now for a child
     */
    public FunctionMeters of(String function, IntSupplier running, IntSupplier waiting) {
        FunctionCounts own = new FunctionCounts(running, waiting);
        counts.put(function, own);
        return new FunctionMeters(registry, function, own);
    }

    /**
     * Forgets what was counted for the {@link Activity} of a function that there is no more. Its meters stay. Nothing is forgotten when the
     * function has others by now: it has come back meanwhile.
     */
    public void forget(FunctionMeters gone) {
        counts.remove(gone.function(), gone.counts());
    }

    /** What a function or a site of this name has answered. */
    public Served served(String function) {
        FunctionCounts own = counts.get(function);
        return own == null ? Served.NOTHING : own.served();
    }

    /** What was counted for the {@link Activity}, by the function's name; a view. */
    Map<String, FunctionCounts> counts() {
        return Collections.unmodifiableMap(counts);
    }

    @Override
    public void ended(Timeline timeline) {
        FunctionMeters function = timeline.function();
        FunctionMeters counted = function == null ? none : function;
        counted.finished(timeline.status(), timeline.endNanos());
        counted.counts()
                .ended(
                        timeline.status(),
                        timeline.endNanos(),
                        waited(timeline),
                        timeline.source() == Timeline.Source.PHP,
                        timeline.source() == Timeline.Source.FILE);
    }

    private static long waited(Timeline timeline) {
        long from = timeline.queuedNanos();
        long until = timeline.claimedNanos() == Timeline.NEVER ? timeline.endNanos() : timeline.claimedNanos();
        return from == Timeline.NEVER ? Timeline.NEVER : until - from;
    }

    /** Counts a callback of an invocation that has thrown. */
    public void faulted() {
        faults.increment();
    }

    /** Records that a waiting invocation got its child after this many nanoseconds. */
    public void waited(long nanos) {
        wait.record(nanos, TimeUnit.NANOSECONDS);
    }
}
