package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.admission.WaitingRoom;
import dev.relais.slot.Worker;
import dev.relais.testing.Patience;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import dev.relais.worker.Generations;
import dev.relais.worker.Generations.Outcome;
import dev.relais.worker.Generations.Result;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A requested switch of generations where changed files are in force by themselves. Every process is replaced, and no request
 * fails.
 */
@QuarkusTest
@TestProfile(RunningProfile.class)
class RollingReplacementTest extends RunningGateway {
    @Inject
    Generations generations;

    @Inject
    WaitingRoom<?> room;

    private Set<Long> pids() {
        Set<Long> pids = new HashSet<>();
        for (Worker worker : group.workers()) {
            pids.add(group.masterPid(worker));
            for (int i = 0; i < worker.size(); i++) {
                pids.add(worker.slot(i).pid());
            }
        }
        return pids;
    }

    private Outcome replace() throws Exception {
        return generations
                .ask("a test wants it")
                .outcome()
                .toCompletableFuture()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private void awaitServing() {
        await().until(() -> generations.status().state() == Generations.State.SERVING);
    }

    @Test
    void everyProcessIsReplacedAndWhatRunsEndsFirst() throws Exception {
        Set<Long> before = pids();
        try (Side side = new Side();
                RawClient running = connect()) {
            running.get("/api/gate?" + side.query());
            long old = side.await("running-");

            assertEquals(Result.SWITCHED, replace().result());
            assertEquals(200, get("/api/hello").status());
            assertEquals(Generations.State.DRAINING, generations.status().state());
            assertTrue(Side.runs(old));
            assertEquals("draining", status().getString("generation.state"));

            side.open("gate");
            assertEquals(200, running.answer().status());
        }
        awaitServing();
        before.forEach(pid -> assertTrue(!Side.runs(pid)));
    }

    /** Its connection is not opened again, so that its process cannot answer when the script has ended. */
    @Test
    void aRunWhoseClientHangsUpHoldsTheOldGenerationForAsLongAsItRuns() throws Exception {
        try (Side side = new Side()) {
            long old;
            try (RawClient client = connect()) {
                client.get("/api/abort/usual?head&" + side.query());
                client.answerHead();
                old = side.await("running-");
                assertEquals(Result.SWITCHED, replace().result());
            }
            await().during(Duration.ofMillis(300))
                    .until(() -> generations.status().state() == Generations.State.DRAINING);
            assertTrue(Side.runs(old));

            side.open("gate"); // it ends at its next output
            awaitServing();
        }
    }

    @Test
    void anAbandonedRunOfAnOldGenerationHoldsNoPermit() throws Exception {
        try (Side side = new Side()) {
            try (RawClient client = connect()) {
                client.get("/api/abort/usual?head&" + side.query());
                client.answerHead();
                side.await("running-");
            }
            assertEquals(Result.SWITCHED, replace().result());
            side.open("gate");
            awaitServing();
            await().until(() -> room.permits().used() == 0);
        }
    }

    @Test
    void theWorkersOfEachGenerationHaveTheSameNumbersAndTheirCountersGoOn() throws Exception {
        get("/api/hello");
        long exchanges = exchanges();
        replace();
        awaitServing();
        get("/api/hello");
        assertTrue(exchanges < exchanges());
        assertEquals(0, group.workers().get(0).id());
        assertEquals("files", status().getString("generation.mode"));
    }

    private long exchanges() {
        long sum = 0;
        for (Worker worker : group.workers()) {
            sum += group.counters(worker).exchanges();
        }
        return sum;
    }
}
