package dev.relais.admission;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breakers of one function. An application has one for each script, so that a page that kills its processes does
 * not stop the other pages.
 *
 * <p>Clients choose which scripts are called, so the number of breakers is bounded. A breaker whose script was not called for a
 * whole window is removed, and while there is no space, further scripts share one breaker. Any thread.
 */
public final class FunctionBreakers {
    static final int MOST_SCRIPTS = 512;
    private static final long SWEEP_NANOS = 1_000_000_000L;

    private final BiFunction<String, @Nullable String, CircuitBreaker> maker;
    private final String function;
    private final LongSupplier clock;
    private final CircuitBreaker own;
    private final Map<String, CircuitBreaker> scripts = new ConcurrentHashMap<>();
    private final AtomicLong sweptNanos;

    /**
     * @param maker of a breaker for a function and one of its scripts, or null
     * @param clock nanoseconds, as {@link System#nanoTime}
     */
    FunctionBreakers(String function, BiFunction<String, @Nullable String, CircuitBreaker> maker, LongSupplier clock) {
        this.function = function;
        this.maker = maker;
        this.clock = clock;
        this.own = maker.apply(function, null);
        this.sweptNanos = new AtomicLong(clock.getAsLong() - SWEEP_NANOS);
    }

    /** The breaker of a function that is one script; of an application, the breaker of the scripts for which there is no space. */
    public CircuitBreaker own() {
        return own;
    }

    /**
     * The breaker of one script of an application.
     *
     * @param file identifies the script
     * @param name the script's name in messages
     */
    public CircuitBreaker of(String file, String name) {
        CircuitBreaker found = scripts.get(file);
        if (found != null) {
            return found;
        }
        if (scripts.size() >= MOST_SCRIPTS && !sweep()) {
            return own;
        }
        return scripts.computeIfAbsent(file, script -> maker.apply(function, name));
    }

    /**
     * Removes breakers that are not needed, at most once a second.
     *
     * @return whether there is space
     */
    private boolean sweep() {
        long now = clock.getAsLong();
        long last = sweptNanos.get();
        if (now - last >= SWEEP_NANOS && sweptNanos.compareAndSet(last, now)) {
            scripts.values().removeIf(CircuitBreaker::retire);
        }
        return scripts.size() < MOST_SCRIPTS;
    }

    void forEach(Consumer<CircuitBreaker> action) {
        action.accept(own);
        scripts.values().forEach(action);
    }
}
