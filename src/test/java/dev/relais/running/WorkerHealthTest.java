package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.balancer.Ranked;
import dev.relais.balancer.WorkerState;
import dev.relais.slot.Worker;
import dev.relais.testing.Callers;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The processes of one of two workers are stopped and continued while requests run. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class WorkerHealthTest extends RunningGateway {
    private static void signal(String name, List<Long> pids) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        assertEquals(0, new ProcessBuilder(command).start().waitFor());
    }

    private WorkerState state(Worker worker) {
        return balancer.ranked().stream()
                .filter(ranked -> ranked.worker() == worker)
                .map(Ranked::state)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aStoppedWorkerIsEjectedWhileTheOtherServesAndComesBackWhenItGoesOn() throws Exception {
        Worker worker = group.workers().get(0);
        List<Long> children = List.of(worker.slot(0).pid(), worker.slot(1).pid());
        try (Callers callers = Callers.start(4, http.getPort(), "/api/hello")) {
            callers.awaitMore(200);
            try {
                signal("STOP", children);
                await().until(() -> state(worker) == WorkerState.EJECTED);
                assertTrue(status().getList("workers.state").contains("ejected"));
                callers.awaitMore(100); // the other one serves
            } finally {
                signal("CONT", children);
            }
            await("slow return").until(() -> state(worker) == WorkerState.NORMAL);
        }
    }
}
