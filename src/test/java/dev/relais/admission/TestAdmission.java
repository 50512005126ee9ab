package dev.relais.admission;

import dev.relais.admission.CircuitBreaker.Poison;
import dev.relais.events.Events;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Makes waiting rooms and circuit breakers for tests. */
public final class TestAdmission {
    private TestAdmission() {}

    public static <W extends Waiter<W>> WaitingRoom<W> room(int capacity, Duration maxWait) {
        return new WaitingRoom<>(capacity, maxWait, Duration.ofSeconds(1));
    }

    /** Breakers that one killed process opens for a second. */
    public static FunctionBreakers breakers(String function, LongSupplier clock) {
        Poison poison = new Poison(1, Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(60));
        Refusals refusals = new Refusals();
        return new FunctionBreakers(
                function,
                (name, script) -> new CircuitBreaker(name, script, poison, refusals, new Events(), clock),
                clock);
    }
}
