package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.balancer.Ranked;
import dev.relais.balancer.WorkerState;
import dev.relais.testing.RawClient;
import dev.relais.worker.Worker;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One of two workers whose processes are stopped and continued under requests. */
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
        List<Long> children = List.of(worker.child(0).pid(), worker.child(1).pid());
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(4);
        List<Future<?>> runs = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                runs.add(clients.submit(() -> ask(over, answered, failed)));
            }
            await().until(() -> answered.get() > 200);

            signal("STOP", children);
            await().atMost(Duration.ofSeconds(4)).until(() -> state(worker) == WorkerState.EJECTED);
            assertTrue(manage("/q/relais").text().contains("\"ejected\""));
            int before = answered.get();
            await("the other one serves").until(() -> answered.get() > before + 100);

            signal("CONT", children);
            await("slow return").atMost(Duration.ofSeconds(20)).until(() -> state(worker) == WorkerState.NORMAL);
            over.set(true);
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            over.set(true);
            signal("CONT", children);
            clients.shutdownNow();
        }
        assertEquals(0, failed.get());
    }

    private Void ask(AtomicBoolean over, AtomicInteger answered, AtomicInteger failed) throws IOException {
        try (RawClient client = connect()) {
            while (!over.get()) {
                int status = client.get("/api/hello").answer().status();
                (status == 200 ? answered : failed).incrementAndGet();
            }
        }
        return null;
    }
}
