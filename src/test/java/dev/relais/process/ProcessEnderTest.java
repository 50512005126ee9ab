package dev.relais.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import dev.relais.testing.Side;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Uses a few short-lived real processes. SlotEndingTest tests TERM and KILL of a single one. */
class ProcessEnderTest {
    /** One signal stops the children, one stops what they have started, and one continues the children, which then end. */
    private static final List<String> SIGNALS_OF_A_BATCH = List.of("STOP", "STOP", "CONT");

    /** Where the signal's name stands in the command that sends it. */
    private static final int SIGNAL = 4;

    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final List<String> signals = new CopyOnWriteArrayList<>();
    private final ProcReader proc = new ProcReader(Path.of("/proc"), 4096);
    private final ProcessEnder ender =
            new ProcessEnder(proc, new ProcessTree(proc, new Command(this::start, Duration.ofSeconds(10))));
    private final List<Process> started = new ArrayList<>();

    private Process start(ProcessBuilder builder) throws IOException {
        signals.add(builder.command().get(SIGNAL));
        begun.countDown();
        try {
            assertTrue(mayEnd.await(Patience.SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return builder.start();
    }

    private Process parent() throws IOException {
        Process process = new ProcessBuilder("/bin/sh", "-c", "sleep 61 & wait").start();
        started.add(process);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(() -> process.descendants().count() == 1);
        return process;
    }

    @AfterEach
    void end() {
        mayEnd.countDown();
        ender.close();
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void childrenWhoseEndIsAskedForWhileAnotherOneEndsAreOneBatch() throws Exception {
        Process first = parent();
        List<Process> others = new ArrayList<>();
        List<Long> below = new ArrayList<>();
        while (others.size() < 10) {
            others.add(parent());
        }
        started.forEach(process -> process.descendants().map(ProcessHandle::pid).forEach(below::add));

        ender.end(first.toHandle());
        assertTrue(begun.await(Patience.SECONDS, TimeUnit.SECONDS));
        others.forEach(process -> ender.end(process.toHandle())); // returns though the thread is held up
        mayEnd.countDown();

        for (Process process : started) {
            assertEquals(128 + 15, process.waitFor());
        }
        below.forEach(Side::awaitEnd);
        assertEquals(SIGNALS_OF_A_BATCH, signals.subList(0, 3));
        assertEquals(SIGNALS_OF_A_BATCH, signals.subList(3, 6));
        // Children that have not ended after 150 ms are stopped again, to be killed.
        assertFalse(signals.subList(6, signals.size()).contains("CONT"), signals::toString);
        Awaitility.await().until(() -> started.stream().noneMatch(process -> ender.isEnding(process.toHandle())));
    }
}
