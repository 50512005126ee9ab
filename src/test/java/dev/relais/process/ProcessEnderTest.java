package dev.relais.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import dev.relais.testing.Side;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Uses a few short-lived real processes. SlotEndingTest tests TERM and KILL of a single one. */
class ProcessEnderTest {
    /** One signal stops the children, one stops what they have started, and one continues the children, which then end. */
    private static final int SIGNALS_OF_A_BATCH = 3;

    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final CountDownLatch signals = new CountDownLatch(1);
    private final AtomicInteger commands = new AtomicInteger();
    private final ProcReader proc = new ProcReader(Path.of("/proc"), 4096);
    private final ProcessEnder ender =
            new ProcessEnder(proc, new ProcessTree(proc, new Command(this::start, Duration.ofSeconds(10))));
    private final List<Process> started = new ArrayList<>();

    private Process start(ProcessBuilder builder) throws IOException {
        commands.incrementAndGet();
        signals.countDown();
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
        assertTrue(signals.await(Patience.SECONDS, TimeUnit.SECONDS));
        others.forEach(process -> ender.end(process.toHandle())); // returns though the thread is held up
        mayEnd.countDown();

        for (Process process : started) {
            assertEquals(128 + 15, process.waitFor());
        }
        below.forEach(Side::awaitEnd);
        assertEquals(2 * SIGNALS_OF_A_BATCH, commands.get());
        Awaitility.await().until(() -> started.stream().noneMatch(process -> ender.isEnding(process.toHandle())));
    }
}
