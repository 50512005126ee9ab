package dev.relais.worker;

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
import org.junit.jupiter.api.Timeout;

/** Real processes, few and short-lived. */
@Timeout(30)
class ProcessTreeTest {
    private final ProcReader proc = new ProcReader(Path.of("/proc"), 4096);
    private final ProcessTree tree = new ProcessTree(proc, new Command(ProcessBuilder::start, Duration.ofSeconds(10)));
    private final List<Process> started = new ArrayList<>();

    private Process start(String script) throws IOException {
        Process process = new ProcessBuilder("/bin/sh", "-c", script).start();
        started.add(process);
        return process;
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    private List<Long> awaitBelow(Process root, int count) {
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> root.descendants().map(ProcessHandle::pid).toList(),
                        below -> below.size() == count && below.stream().allMatch(this::isSleep));
    }

    private boolean isSleep(long pid) {
        String line = proc.commandLine(pid);
        return line != null && (line.startsWith("sleep") || line.contains("wait"));
    }

    @Test
    void endsWhatItHasStartedInSessionsOfTheirOwnToo() throws Exception {
        Process root = start("sleep 61 & setsid sleep 62 & (sleep 63 & wait) & wait");
        List<Long> below = awaitBelow(root, 4);

        assertTrue(tree.killBelow(root.pid()));

        below.forEach(Side::awaitEnd);
        assertEquals('T', proc.stat(root.pid()).state());
        tree.resume(root.pid());
        assertTrue(root.waitFor() >= 0, "it went on, and found nothing to wait for");
    }

    @Test
    void nothingEscapesThatForksAllTheTime() throws Exception {
        // At most 20 processes live at a time: each lasts 200 ms, and one begins every 10 ms.
        Process root = start("i=0; while [ $i -lt 2000 ]; do i=$((i+1)); sleep 0.2 & sleep 0.01; done");
        Awaitility.await().until(() -> root.descendants().count() > 5);

        assertTrue(tree.killBelow(root.pid()));

        root.descendants().map(ProcessHandle::pid).forEach(Side::awaitEnd);
        root.destroyForcibly().waitFor();
        assertEquals(0, root.descendants().count());
    }

    @Test
    void leavesAProcessAloneThatHasStartedNone() throws Exception {
        Process root = start("exec sleep 64");

        assertFalse(tree.killBelow(root.pid()));
        assertTrue(root.isAlive());
        assertFalse(tree.killBelow(999_999_999));
    }
}
