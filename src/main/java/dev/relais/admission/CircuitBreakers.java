package dev.relais.admission;

import dev.relais.ConfigurationProblem;
import dev.relais.admission.CircuitBreaker.Poison;
import dev.relais.events.Events;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The circuit breakers of all functions, by name. Any thread. */
@Singleton
public class CircuitBreakers {
    private final Poison poison;
    private final Refusals refusals;
    private final Events events;
    private final LongSupplier clock;
    private final Map<String, FunctionBreakers> breakers = new ConcurrentHashMap<>();

    /** @throws ConfigurationProblem naming the key that is out of range */
    @Inject
    public CircuitBreakers(PoisonConfig config, Refusals refusals, Events events) {
        this(config, refusals, events, System::nanoTime);
    }

    /** @param clock nanoseconds, as {@link System#nanoTime} */
    CircuitBreakers(PoisonConfig config, Refusals refusals, Events events, LongSupplier clock) {
        this.clock = clock;
        PoisonConfig.check(config);
        this.poison = new Poison(config.threshold(), config.window(), config.pause(), config.pauseMax());
        this.refusals = refusals;
        this.events = events;
    }

    public FunctionBreakers of(String function) {
        return breakers.computeIfAbsent(function, name -> new FunctionBreakers(name, this::make, clock));
    }

    private CircuitBreaker make(String function, @Nullable String script) {
        return new CircuitBreaker(function, script, poison, refusals, events, clock);
    }

    /** Forgets a function that no longer exists. */
    public void remove(String function) {
        breakers.remove(function);
    }

    /** The breakers that refuse now, sorted by function and script. */
    public List<CircuitBreaker> open() {
        List<CircuitBreaker> open = new ArrayList<>();
        for (FunctionBreakers function : breakers.values()) {
            function.forEach(breaker -> {
                if (breaker.isOpen()) {
                    open.add(breaker);
                }
            });
        }
        open.sort(Comparator.comparing(CircuitBreaker::function)
                .thenComparing(CircuitBreaker::script, Comparator.nullsFirst(Comparator.naturalOrder())));
        return open;
    }
}
