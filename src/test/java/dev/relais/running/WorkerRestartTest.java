package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.slot.Worker;
import dev.relais.testing.Callers;
import dev.relais.testing.Niceness;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Processes that are killed from outside. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class WorkerRestartTest extends RunningGateway {
    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    private Set<Path> sockets() throws IOException {
        try (var files = Files.list(group.runDirectory())) {
            return files.filter(file -> file.toString().endsWith(".sock")).collect(Collectors.toSet());
        }
    }

    @Test
    void aKilledMasterComesBackOnANewSocketWithItsGroupEnded() throws IOException {
        Worker worker = group.workers().get(0);
        long master = group.masterPid(worker);
        List<Long> children = ProcessHandle.of(master)
                .orElseThrow()
                .children()
                .map(ProcessHandle::pid)
                .toList();
        Set<Path> before = sockets();
        kill(master);

        await().pollInterval(Duration.ofMillis(5))
                .until(() -> group.masterPid(worker) > 0 && group.masterPid(worker) != master && isWhole());
        assertEquals(2, children.size());
        children.forEach(child -> assertFalse(Side.runs(child)));
        assertFalse(before.containsAll(sockets()));
        assertEquals(200, get("/api/hello").status());
    }

    @Test
    void aMasterThatASlowedThreadHadStartedIsAsNiceAsTheGateway() throws Exception {
        int usual = Niceness.of(Path.of("/proc/self"));
        Niceness.add(Niceness.thread("relais-supervisor"), 1);
        Worker worker = group.workers().get(0);
        long master = group.masterPid(worker);
        kill(master);
        await().until(() -> group.masterPid(worker) > 0 && group.masterPid(worker) != master && isWhole());

        for (Worker each : group.workers()) {
            ProcessHandle process = ProcessHandle.of(group.masterPid(each)).orElseThrow();
            assertEquals(usual, Niceness.of(Path.of("/proc/" + process.pid())));
            for (ProcessHandle child : process.children().toList()) {
                assertEquals(usual, Niceness.of(Path.of("/proc/" + child.pid())));
            }
        }
    }

    @Test
    void aKilledChildIsReplacedAndDisturbsNobody() throws IOException {
        try (Side side = new Side();
                RawClient running = connect()) {
            running.get("/api/gate?" + side.query());
            long busy = side.await("running-");
            long master =
                    ProcessHandle.of(busy).orElseThrow().parent().orElseThrow().pid();
            Set<Long> idle = ProcessHandle.of(master)
                    .orElseThrow()
                    .children()
                    .map(ProcessHandle::pid)
                    .filter(child -> child != busy)
                    .collect(Collectors.toSet());
            assertEquals(1, idle.size());
            idle.forEach(WorkerRestartTest::kill);
            awaitReplaced(idle);
            assertEquals(1, busy());
            side.open("gate");

            assertEquals(200, running.answer().status());
            assertEquals(200, get("/api/hello").status());
        }
    }

    /** A claim may meet a connection that has just broken; its slot was once lost for good. */
    @Test
    void mastersKilledUnderLoadLoseNoSlotAndFailOnlyWhatTheyRan() throws Exception {
        AtomicInteger failed = new AtomicInteger();
        try (Callers callers = Callers.start(8, http.getPort(), "/api/hello", answer -> {
            failed.addAndGet(answer.status() == 502 ? 1 : 0);
            assertTrue(answer.status() == 200 || answer.status() == 502, "status " + answer.status());
        })) {
            for (int round = 0; round < 6; round++) {
                Worker worker = group.workers().get(round % 2);
                callers.awaitMore(200);
                await().until(() -> worker.proven() == worker.size());
                long master = group.masterPid(worker);
                kill(master);
                await().until(() -> group.masterPid(worker) > 0
                        && group.masterPid(worker) != master
                        && worker.proven() == worker.size());
            }
        }
        assertTrue(failed.get() <= 6 * 2, failed + " failed, but at most two ran on each killed master");
    }
}
