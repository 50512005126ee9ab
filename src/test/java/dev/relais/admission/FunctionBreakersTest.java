package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.events.Events;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One breaker for each script of an application, and a bounded number of them. */
class FunctionBreakersTest {
    private long now;
    private final FunctionBreakers breakers = new FunctionBreakers(
            "app",
            (function, script) -> new CircuitBreaker(
                    function,
                    script,
                    new CircuitBreaker.Poison(3, Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(8)),
                    new Refusals(),
                    new Events(),
                    () -> now),
            () -> now);

    private CircuitBreaker script(int number) {
        return breakers.of("/srv/app/" + number + ".php", "/api/app/" + number + ".php");
    }

    private static void crash(CircuitBreaker breaker, int times) {
        for (int i = 0; i < times; i++) {
            breaker.crashed(breaker.enter(), 1_000_000);
        }
    }

    @Test
    void onePageThatKillsItsProcessesTakesNoOtherAlong() {
        crash(script(1), 3);
        assertTrue(script(1).refuses());
        assertFalse(script(2).refuses());
        assertFalse(breakers.own().refuses());
        assertEquals("/api/app/1.php", script(1).script());
    }

    /** Clients choose which of ten thousand scripts are called. */
    @Test
    void theNumberOfBreakersIsBoundedAndNoOpenOneIsForgotten() {
        crash(script(0), 3);
        Set<CircuitBreaker> all = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            CircuitBreaker breaker = script(i);
            breaker.passed(breaker.enter(), 1_000_000);
            all.add(breaker);
        }
        assertEquals(FunctionBreakers.MOST_SCRIPTS + 1, all.size());
        assertSame(breakers.own(), script(9_999));
        assertTrue(script(0).refuses());
    }

    @Test
    void thoseThatNobodyCallsMakeRoom() {
        for (int i = 0; i < FunctionBreakers.MOST_SCRIPTS; i++) {
            CircuitBreaker breaker = script(i);
            breaker.passed(breaker.enter(), 1_000_000);
        }
        crash(script(7), 3);
        CircuitBreaker open = script(7);
        assertSame(breakers.own(), script(5_000));
        now += 11_000_000_000L;
        assertNotSame(breakers.own(), script(5_000));
        assertSame(open, script(7), "an open one stays");
    }
}
