package dev.relais.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Test
    void commandsThatHaveBegunRunTogether() throws IOException {
        Path folder = Files.createTempDirectory("relais-test");
        Command command = new Command(ProcessBuilder::start, Duration.ofSeconds(60));
        String[] ends = {folder.resolve("a").toString(), folder.resolve("b").toString()};
        assertTrue(command.run(List.of("mkfifo", ends[0], ends[1])).ok());
        // Each waits for the other: a pipe is opened when both of its ends are.
        Command.Running first = command.begin(List.of("sh", "-c", "echo x > " + ends[0] + "; cat " + ends[1]));
        Command.Running second = command.begin(List.of("sh", "-c", "cat " + ends[0] + "; echo y > " + ends[1]));
        assertEquals(new Command.Result(0, "y"), first.result());
        assertEquals(new Command.Result(0, "x"), second.result());
        Side.delete(folder);
    }
}
