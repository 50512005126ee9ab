package dev.relais.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Side;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Uses real processes that all sleep for longer than the test lasts, so that each one that has ended was killed. */
class ProcessTreeTest {
    /** No other process on this machine has this command line. */
    private static final String SLEEP = "sleep 300." + ProcessHandle.current().pid();

    private final ProcReader proc = new ProcReader(Path.of("/proc"), 4096);
    private final ProcessTree tree = new ProcessTree(proc, new Command(ProcessBuilder::start, Duration.ofSeconds(10)));
    private final List<Process> started = new ArrayList<>();

    private Process start(String script) throws IOException {
        Process process = new ProcessBuilder("/bin/sh", "-c", script).start();
        started.add(process);
        return process;
    }

    @AfterEach
    void end() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        marked().forEach(ProcessHandle::destroyForcibly);
    }

    /** The processes that sleep, and those whose script contains the sleep; a zombie has no command line. */
    private List<ProcessHandle> marked() {
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    String line = proc.commandLine(process.pid());
                    return line != null && line.contains(SLEEP);
                })
                .toList();
    }

    private boolean sleeps(long pid) {
        return SLEEP.equals(proc.commandLine(pid));
    }

    private long sleepersBelow(Process root) {
        return root.descendants().filter(process -> sleeps(process.pid())).count();
    }

    @Test
    void endsWhatItHasStartedInSessionsOfTheirOwnToo() throws Exception {
        Process root = start("%1$s & setsid %1$s & (%1$s & wait) & wait".formatted(SLEEP));
        Awaitility.await().until(() -> sleepersBelow(root) == 3);
        List<Long> below = root.descendants().map(ProcessHandle::pid).toList();
        assertEquals(4, below.size());

        assertTrue(tree.isParent(root.pid()));
        tree.killBelow(List.of(root.pid()));

        below.forEach(Side::awaitEnd);
        assertEquals('T', proc.stat(root.pid()).state());
        tree.resume(List.of(root.pid()));
        assertEquals(0, root.waitFor(), "it went on, and found nothing to wait for");
    }

    @Test
    void nothingEscapesThatForksAllTheTime() throws Exception {
        // One begins every 10 ms, and none ends by itself.
        Process root = start("i=0; while [ $i -lt 500 ]; do i=$((i+1)); %s & sleep 0.01; done; wait".formatted(SLEEP));
        Awaitility.await().until(() -> sleepersBelow(root) > 5);

        tree.killBelow(List.of(root.pid()));

        Awaitility.await().until(() -> marked().equals(List.of(root.toHandle())));
        assertEquals('T', proc.stat(root.pid()).state(), "it starts no more");
    }

    @Test
    void tellsAProcessThatHasStartedNone() throws Exception {
        Process root = start("exec " + SLEEP);

        assertFalse(tree.isParent(root.pid()));
        assertFalse(tree.isParent(999_999_999));
    }
}
