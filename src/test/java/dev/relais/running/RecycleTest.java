package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import dev.relais.worker.RecycleReason;
import dev.relais.worker.Worker;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Children replaced though they work, here one of the four at a time. */
@QuarkusTest
@TestProfile(RecycleProfile.class)
class RecycleTest extends RunningGateway {
    private static final int CLIENTS = 6;
    private static final int REQUESTS = 150;

    private int missing() {
        return group.workers().stream()
                .mapToInt(worker -> worker.size() - worker.proven())
                .sum();
    }

    private List<Long> pids() throws IOException {
        return JsonPath.from(manage("/q/relais").text()).getList("workers.children.flatten().pid", Long.class);
    }

    private int askAll() throws IOException {
        int good = 0;
        try (RawClient client = connect()) {
            for (int i = 0; i < REQUESTS; i++) {
                good += client.get("/api/hello").answer().status() == 200 ? 1 : 0;
            }
        }
        return good;
    }

    @Test
    void afterEnoughRequestsAChildIsReplacedAndNobodyNotices() throws Exception {
        Set<Long> before = new HashSet<>(pids());
        long recycled = recycled();
        long failures = failures();
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        List<Future<Integer>> asked = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            asked.add(threads.submit(this::askAll));
        }
        int most = 0;
        int good = 0;
        for (Future<Integer> client : asked) {
            while (!client.isDone()) {
                most = Math.max(most, missing());
                Thread.onSpinWait();
            }
            good += client.get();
        }
        threads.shutdown();

        assertEquals(CLIENTS * REQUESTS, good);
        assertEquals(failures, failures());
        assertTrue(recycled() - recycled > 10, "recycled"); // for their requests, or on a slow machine for their age
        assertTrue(most <= 1, "away at a time: " + most);
        await().until(this::isWhole);
        before.retainAll(pids());
        assertTrue(before.isEmpty(), before::toString);
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
                failures += worker.child(i).failures();
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

    @Test
    void eachReasonHasItsMeter() throws IOException {
        String metrics = manage("/q/metrics").text();
        for (String reason : List.of("requests", "age", "memory")) {
            assertTrue(metrics.contains("relais_children_recycled_total{reason=\"" + reason + "\"}"), reason);
        }
    }
}
