package dev.relais.telemetry;

import dev.relais.admission.Refusal;
import dev.relais.admission.Refusals;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Makes an {@link Activity} once a second out of what invocations have counted, so that no reader causes any work. {@link #tick} is called
 * by one thread; what it publishes any thread may read.
 */
@Singleton
public class Activities {
    /** How many seconds are kept. */
    public static final int MOMENTS = 600;

    /** A tick that comes sooner than this after the one before is left out: the sampler may be set to look more often. */
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    private final InvocationMeters meters;
    private final Supplier<LoadReport> loads;
    private final Refusals refusals;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private volatile Activity current = Activity.NONE;

    // The following fields are confined to the thread that ticks.
    private final ArrayDeque<Activity.Moment> history = new ArrayDeque<>();
    private final Map<String, FunctionWindow> windows = new HashMap<>();
    private long lastNanos;
    private long lastRefused;

    @Inject
    Activities(InvocationMeters meters, Loads loads, Refusals refusals) {
        this(meters, loads::report, refusals, InstantSource.system(), System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    Activities(
            InvocationMeters meters,
            Supplier<LoadReport> loads,
            Refusals refusals,
            InstantSource clock,
            LongSupplier nanos) {
        this.meters = meters;
        this.loads = loads;
        this.refusals = refusals;
        this.clock = clock;
        this.nanos = nanos;
        this.lastNanos = nanos.getAsLong();
    }

    /** The last one that was made; never null. */
    public Activity current() {
        return current;
    }

    /** Makes another one, unless the last one is less than a second old. Called once the load is measured. */
    public void tick() {
        long now = nanos.getAsLong();
        long passed = now - lastNanos;
        if (passed < LEAST_NANOS) {
            return;
        }
        lastNanos = now;
        int[] latencies = new int[LatencyBuckets.COUNT];
        int[] waits = new int[LatencyBuckets.COUNT];
        long ended = 0;
        long failed = 0;
        Map<String, FunctionCounts> all = meters.counts();
        List<Activity.Function> active = new ArrayList<>();
        for (Map.Entry<String, FunctionCounts> one : all.entrySet()) {
            FunctionWindow window = window(one.getKey(), one.getValue());
            FunctionWindow.Part part = window.tick(passed);
            if (window.isIdle()) {
                continue;
            }
            FunctionWindow.add(part.latencies(), latencies);
            FunctionWindow.add(part.waits(), waits);
            ended += part.ended();
            failed += part.failed();
            Activity.Function function = window.now(one.getKey());
            if (function.isActive()) {
                active.add(function);
            }
        }
        windows.keySet().retainAll(all.keySet());
        active.sort(Comparator.comparing(Activity.Function::name));
        keep(moment(latencies, waits, ended, failed, passed / 1e9));
        current = new Activity(current.number() + 1, new ArrayList<>(history), active);
    }

    /** After its function was removed and came back, the counts are others. */
    private FunctionWindow window(String name, FunctionCounts counts) {
        FunctionWindow window = windows.get(name);
        if (window == null || !window.isOf(counts)) {
            window = new FunctionWindow(counts);
            windows.put(name, window);
        }
        return window;
    }

    private Activity.Moment moment(int[] latencies, int[] waits, long ended, long failed, double seconds) {
        long refused = 0;
        for (Refusal reason : Refusal.values()) {
            refused += refusals.of(reason);
        }
        double refusedRate = (refused - lastRefused) / seconds;
        lastRefused = refused;
        LoadReport.Values load = loads.get().values();
        return new Activity.Moment(
                clock.instant(),
                ended / seconds,
                failed / seconds,
                refusedRate,
                LatencyBuckets.quantile(latencies, 0, 0.5),
                LatencyBuckets.quantile(latencies, 0, 0.95),
                LatencyBuckets.quantile(latencies, 0, 0.99),
                LatencyBuckets.quantile(waits, Math.max(0, ended - FunctionWindow.sum(waits)), 0.95),
                (int) load.queue(),
                load.application(),
                load.cpu());
    }

    private void keep(Activity.Moment moment) {
        if (history.size() == MOMENTS) {
            history.removeFirst();
        }
        history.addLast(moment);
    }
}
