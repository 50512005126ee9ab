package dev.relais.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The latency histograms of one function, one for each status, which are created when they are first needed. The number of
 * labels is bounded: names come from the registry, and a status without a registered meaning counts as its class, because a
 * script may send any number. Any thread; no lock once a histogram exists.
 */
public final class FunctionMeters {
    /** The status of an invocation whose client was gone before it had its answer, as nginx logs it. It is never sent. */
    public static final int CLIENT_CLOSED = 499;

    private static final int CLASSES = 10; // of a hundred statuses each
    private static final int STATUSES = 100;
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60)
    };

    /** The status codes of RFC 9110 section 15 and of the IANA registry. */
    private static final BitSet KNOWN = new BitSet();

    static {
        KNOWN.set(200, 209);
        KNOWN.set(226);
        KNOWN.set(300, 309);
        KNOWN.set(400, 419);
        KNOWN.set(421, 427);
        KNOWN.set(428, 430);
        KNOWN.set(431);
        KNOWN.set(451);
        KNOWN.set(500, 509);
        KNOWN.set(510, 512);
    }

    private final MeterRegistry registry;
    private final String function;
    private final FunctionCounts counts;
    /** By the class of the status, and then by the status; a class takes its memory when it is met, since most of many functions are idle. */
    private final AtomicReferenceArray<AtomicReferenceArray<Timer>> byStatus = new AtomicReferenceArray<>(CLASSES);

    FunctionMeters(MeterRegistry registry, String function) {
        this(registry, function, new FunctionCounts(() -> 0, () -> 0));
    }

    FunctionMeters(MeterRegistry registry, String function, FunctionCounts counts) {
        this.registry = registry;
        this.function = function;
        this.counts = counts;
    }

    /** The name of the function in its meters. */
    public String function() {
        return function;
    }

    /** What is kept of its invocations for the {@link Activity}. */
    FunctionCounts counts() {
        return counts;
    }

    /**
     * Counts one invocation.
     *
     * @param status as sent, or {@link #CLIENT_CLOSED}
     * @param nanos from the request head to the last response byte
     */
    void finished(int status, long nanos) {
        AtomicReferenceArray<Timer> ofClass = byStatus.get(status / STATUSES);
        if (ofClass == null) {
            byStatus.compareAndSet(status / STATUSES, null, new AtomicReferenceArray<>(STATUSES));
            ofClass = byStatus.get(status / STATUSES);
        }
        Timer timer = ofClass.get(status % STATUSES);
        if (timer == null) {
            timer = Timer.builder("relais.invocations")
                    .description("Invocations, from the request head to the last response byte")
                    .tag("function", function)
                    .tag("status", label(status))
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);
            ofClass.set(status % STATUSES, timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    static String label(int status) {
        return status == CLIENT_CLOSED || KNOWN.get(status) ? Integer.toString(status) : status / 100 + "xx";
    }

    /** Counts a run that has killed its PHP process. */
    public void crashed() {
        Counter.builder("relais.crashes")
                .description("PHP processes that ended by themselves while they ran the function")
                .tag("function", function)
                .register(registry)
                .increment();
    }

    /** Counts an invocation that is run once more. */
    public void retried() {
        Counter.builder("relais.retries")
                .description("Invocations run once more after their PHP process was lost")
                .tag("function", function)
                .register(registry)
                .increment();
    }
}
