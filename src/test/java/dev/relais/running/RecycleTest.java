package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.slot.RecycleReason;
import dev.relais.slot.Worker;
import dev.relais.testing.Callers;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Children that are replaced although they work, here one of four at a time. */
@QuarkusTest
@TestProfile(RecycleProfile.class)
class RecycleTest extends RunningGateway {
    /**
     * The number of children that are away; 0 when another replacement began during the count, which then was of no single
     * moment.
     */
    private int missing() {
        long before = recycled();
        int missing = group.workers().stream()
                .mapToInt(worker -> worker.size() - worker.proven())
                .sum();
        return recycled() == before ? missing : 0;
    }

    private List<Long> pids() throws IOException {
        return status().getList("workers.children.flatten().pid", Long.class);
    }

    @Test
    void afterEnoughRequestsAChildIsReplacedAndNobodyNotices() throws Exception {
        List<Long> before = pids();
        long recycled = group.recycled(RecycleReason.REQUESTS);
        long failures = failures();
        AtomicInteger most = new AtomicInteger();
        try (Callers callers = Callers.start(6, http.getPort(), "/api/hello")) {
            await().pollInterval(Duration.ofMillis(1)).until(() -> {
                most.accumulateAndGet(missing(), Math::max);
                return group.recycled(RecycleReason.REQUESTS) > recycled + 10 || callers.hasFailed();
            });
        }

        assertEquals(failures, failures());
        assertTrue(most.get() <= 1, "away at a time: " + most);
        await().until(() -> Collections.disjoint(before, pids()));
    }

    private long recycled() {
        long recycled = 0;
        for (RecycleReason reason : RecycleReason.values()) {
            recycled += group.recycled(reason);
        }
        return recycled;
    }

    private long failures() {
        long failures = 0;
        for (Worker worker : group.workers()) {
            for (int i = 0; i < worker.size(); i++) {
                failures += worker.slot(i).failures();
            }
        }
        return failures;
    }

    @Test
    void anIdleChildThatKeepsTooMuchMemoryIsReplaced() {
        long recycled = group.recycled(RecycleReason.MEMORY);
        await().until(() -> {
            get("/api/fat"); // again, if its child has gone for its age
            return group.recycled(RecycleReason.MEMORY) > recycled;
        });
    }

    @Test
    void aChildThatIsOldGoesAfterItsExchangeOnly() throws Exception {
        try (Side side = new Side();
                RawClient client = connect()) {
            client.get("/api/gate?" + side.query());
            long busy = side.await("running-");
            long recycled = group.recycled(RecycleReason.AGE);
            await("the three others").until(() -> group.recycled(RecycleReason.AGE) >= recycled + 3);
            await("all old").until(() -> ProcessHandle.of(busy)
                    .orElseThrow()
                    .info()
                    .startInstant()
                    .orElseThrow()
                    .isBefore(Instant.now().minusSeconds(4)));

            assertTrue(pids().contains(busy));
            side.open("gate");
            assertEquals(200, client.answer().status());
            await().until(() -> !pids().contains(busy));
        }
    }

    /** The job holds the connection of a child that has ended. */
    @Test
    void replacementDoesNotWaitForABackgroundJob() throws Exception {
        try (Side side = new Side()) {
            assertEquals(
                    "done", get("/api/job?how=setsid&then=end&" + side.query()).text());
            long child = side.await("running-");
            long job = side.await("job");
            try {
                await().until(() -> !pids().contains(child));
                assertTrue(Side.runs(job));
            } finally {
                ProcessHandle.of(job).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    @Test
    void eachReasonHasItsMeter() throws IOException {
        String metrics = manage("/q/metrics").text();
        for (String reason : List.of("requests", "age", "memory")) {
            assertTrue(metrics.contains("relais_children_recycled_total{reason=\"" + reason + "\"}"), reason);
        }
    }
}
