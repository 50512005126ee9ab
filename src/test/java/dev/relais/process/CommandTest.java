package dev.relais.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CommandTest {
    private static final long FOUR_SECONDS = TimeUnit.SECONDS.toNanos(4);

    private final AtomicLong nanos = new AtomicLong();
    private final List<Process> started = new ArrayList<>();

    /** With a clock that each look at it moves on. */
    private Command.Result run(long step, String... line) {
        return new Command(this::start, Duration.ofSeconds(10), () -> nanos.getAndAdd(step)).run(List.of(line));
    }

    private Process start(ProcessBuilder builder) throws IOException {
        started.add(builder.start());
        return started.get(0);
    }

    @Test
    void aCommandThatIsNotOverAtItsDeadlineIsEndedWithWhatItHasStarted() throws InterruptedException {
        Command.Result result = run(FOUR_SECONDS, "/bin/sh", "-c", "sleep 600 & wait");
        assertEquals(Command.TOO_LATE, result.exit());
        assertFalse(result.ok());
        assertTrue(started.get(0).waitFor(60, TimeUnit.SECONDS));
        assertEquals(
                List.of(),
                started.get(0).descendants().filter(ProcessHandle::isAlive).toList());
    }

    @Test
    void whatACommandHasWrittenIsItsOutput() {
        Command.Result result = run(0, "/bin/sh", "-c", "echo one; echo two >&2; exit 3");
        assertEquals(new Command.Result(3, "one\ntwo"), result);
    }

    @Test
    void aCommandThatIsNotThereWasNotStarted() {
        Command.Result result = run(0, "/none/such");
        assertEquals(-1, result.exit());
    }
}
