package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.slot.Worker;
import dev.relais.testing.Attempts;
import dev.relais.testing.Callers;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Children and files that are missing although each master lives. */
@QuarkusTest
@TestProfile(MissingProfile.class)
class MissingTest extends RunningGateway {
    private static void signal(String name, long pid) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-s", name, Long.toString(pid))
                        .start()
                        .waitFor());
    }

    private List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.list(group.runDirectory())) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    /** The process ids of those that were killed. */
    private static List<Long> killChildren(Worker worker) {
        List<Long> killed = IntStream.range(0, worker.size())
                .mapToObj(i -> worker.slot(i).pid())
                .toList();
        killed.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        return killed;
    }

    @Test
    void aMasterWhoseSocketIsGoneIsFollowedByAnotherAndNoRequestFails() throws Exception {
        AtomicInteger failed = new AtomicInteger();
        try (Callers callers = Callers.start(
                4, http.getPort(), "/api/hello", answer -> failed.addAndGet(answer.status() == 200 ? 0 : 1))) {
            for (Worker worker : group.workers()) {
                long before = group.masterPid(worker);
                callers.awaitMore(20);
                for (Path socket : files(".sock")) {
                    if (socket.getFileName().toString().startsWith("w" + worker.id() + "-")) {
                        Files.delete(socket);
                    }
                }
                await().until(() -> group.masterPid(worker) != before && worker.proven() == worker.size());
                await("the former one ends").until(() -> !Side.runs(before));
                callers.awaitMore(20);
            }
        }
        assertEquals(0, failed.get());
    }

    @Test
    void aMasterThatHangsIsReplacedOnceAChildIsMissing() throws Exception {
        Attempts.untilProved(this::isSeenAndMended);
    }

    /** Whether all pages were read while the child was missing, for which a busy machine may be too slow. */
    private boolean isSeenAndMended() throws Exception {
        Worker worker = group.workers().get(0);
        long master = group.masterPid(worker);
        long restarts = group.restarts(worker);
        signal("STOP", master);
        signal("KILL", worker.slot(0).pid());

        await("seen").until(() -> group.lost(worker) == 1 || group.masterPid(worker) != master);
        String health = manage("/q/health/ready").text();
        String metrics = manage("/q/metrics").text();
        String status = manage("/q/relais")
                .text(); // as text, since to look a value up in it may take longer than the state lasts
        boolean inTime = group.lost(worker) == 1;
        if (inTime) {
            assertTrue(health.contains("\"childrenLost\": 1"), health);
            assertTrue(metrics.contains("relais_worker_children_lost{worker=\"0\"} 1.0"), metrics);
            assertTrue(status.contains("1 of 2 children have not answered"), status);
        }
        assertEquals(200, get("/api/hello").status());
        await("mended").until(() -> worker.proven() == worker.size() && group.lost(worker) == 0);
        assertNotEquals(master, group.masterPid(worker));
        assertTrue(group.restarts(worker) > restarts);
        await("the former one ends").until(() -> !Side.runs(master));
        return inTime;
    }

    @Test
    void aMasterThatHangsWithoutChildrenIsRestarted() throws Exception {
        Worker worker = group.workers().get(1);
        long master = group.masterPid(worker);
        signal("STOP", master);
        killChildren(worker);

        await("gone").until(() -> worker.proven() == 0);
        await("mended").until(() -> worker.proven() == worker.size());
        assertNotEquals(master, group.masterPid(worker));
        assertEquals(200, manage("/q/health/live").status());
    }

    @Test
    void filesThatACleanerRemovesAreThereAgain() throws Exception {
        try (Stream<Path> files = Files.list(group.runDirectory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        List<Long> killed = group.workers().stream()
                .flatMap(worker -> killChildren(worker).stream())
                .toList();

        awaitReplaced(killed);
        await("mended").until(() -> files(".pid").size() == 2 && files(".php").size() >= 2 && isWhole());
        assertTrue(Files.exists(group.runDirectory().resolve("gateway.lock")));
        assertTrue(Files.exists(group.runDirectory().resolve("guard")));
        for (int i = 0; i < 8; i++) {
            assertEquals(200, get("/api/hello").status());
        }
    }

    @Test
    void aRunDirectoryThatIsGoneIsMadeAgain() throws Exception {
        List<Long> masters = group.workers().stream().map(group::masterPid).toList();
        Side.delete(group.runDirectory());

        await("other masters")
                .until(() -> group.workers().stream().map(group::masterPid).noneMatch(masters::contains) && isWhole());
        assertEquals(2, files(".sock").size());
        assertTrue(Files.exists(group.runDirectory().resolve("guard")));
        assertEquals(200, get("/api/hello").status());
        // Those that are followed leave, and all their files.
        await("only theirs").until(() -> files(".pid").size() == 2);
    }
}
