package dev.relais.debug;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.relais.ConfigurationProblem;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtensionLackTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // which overflows
    private final ExtensionLack lack = new ExtensionLack(nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @ParameterizedTest
    @CsvSource({"PT0.3S, PT10S", "PT10S, PT90S"})
    void itIsKnownForMuchLongerThanItTakesToFindOut(Duration takes, Duration known) {
        ConfigurationProblem problem = new ConfigurationProblem("relais.debug.extension", "nosuch", "is none", "none");
        assertNull(lack.known());
        long since = nanos.get();
        pass(takes);
        lack.found(problem, since);
        assertSame(problem, lack.known());
        pass(known.minusNanos(1));
        assertSame(problem, lack.known());
        pass(Duration.ofNanos(1));
        assertNull(lack.known());
    }
}
