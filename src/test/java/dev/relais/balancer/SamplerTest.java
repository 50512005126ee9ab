package dev.relais.balancer;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.events.Events;
import dev.relais.running.RunningProfile;
import dev.relais.slot.Slot;
import dev.relais.slot.Slots;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerSample;
import dev.relais.worker.WorkerGroup;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RunningProfile.class)
class SamplerTest {
    private static final long SECOND = 1_000_000_000;

    @Inject
    WorkerGroup group;

    /** The gateway takes requests when its first worker serves; children of the others may not have answered yet. */
    @BeforeEach
    void awaitChildren() {
        await("every child free").until(() -> group.workers().stream()
                .allMatch(worker -> worker.proven() == worker.size() && worker.busy() == 0));
    }

    /** The real workers, with some invented samples. */
    private abstract class Pretence extends WorkerGroup {
        Pretence() {
            super(null, null, null, null, null);
        }

        @Override
        public final List<Worker> workers() {
            return group.workers();
        }
    }

    /** The first worker cannot be sampled. */
    private final class HalfBlind extends Pretence {
        @Override
        public WorkerSample sample(Worker worker) {
            if (worker.id() == 0) {
                throw new IllegalStateException("no sample today");
            }
            return group.sample(worker);
        }
    }

    /** The first worker seems to be ten times slower than the other. */
    private final class HalfSlow extends Pretence {
        private final long[] exchanges = new long[2];

        @Override
        public WorkerSample sample(Worker worker) {
            long ended = exchanges[worker.id()];
            return new WorkerSample(ended, 0, worker.id() == 0 ? 10 * ended : ended, 0, 0, 0);
        }
    }

    @Test
    void aSlowWorkerIsHeldBackAndTriedByOneRequestOf500() {
        HalfSlow slow = new HalfSlow();
        Balancer balancer = new Balancer(Long.MAX_VALUE, Tuning.RELAIS);
        Sampler sampler = new Sampler(slow, balancer, new Events());
        Worker first = group.workers().get(0);
        sampler.sample(0);
        slow.exchanges[0] = 100;
        slow.exchanges[1] = 100;
        sampler.sample(SECOND);
        assertEquals(WorkerState.HELD, balancer.ranked().get(1).state());
        assertSame(first, balancer.ranked().get(1).worker());
        assertEquals(0, claimsOf(first, balancer));

        slow.exchanges[1] += 500;
        sampler.sample(2 * SECOND);
        assertEquals(1, claimsOf(first, balancer));
        assertEquals(0, claimsOf(first, balancer));

        slow.exchanges[0] += 1; // as slow as before
        sampler.sample(3 * SECOND);
        assertEquals(0, claimsOf(first, balancer));
        assertEquals(WorkerState.HELD, balancer.ranked().get(1).state());
    }

    private static int claimsOf(Worker worker, Balancer balancer) {
        List<Slot> claimed = new ArrayList<>();
        Slot slot;
        while ((slot = balancer.claim(0, 0)) != null) {
            claimed.add(slot);
        }
        claimed.forEach(Slots::free);
        claimed.forEach(freed -> balancer.released(freed.worker()));
        return (int) claimed.stream().filter(freed -> freed.worker() == worker).count();
    }

    @Test
    void aSampleThatFailsKeepsItsWorkerInTheRanking() {
        Balancer balancer = new Balancer(1_000_000_000L, Tuning.RELAIS);
        Sampler sampler = new Sampler(new HalfBlind(), balancer, new Events());

        sampler.sample(System.nanoTime());
        sampler.sample(System.nanoTime());

        assertEquals(2, balancer.ranked().size());
        assertTrue(balancer.isServing());
    }

    @Test
    void eachSampleSwapsTheRanking() {
        Balancer balancer = new Balancer(1_000_000_000L, Tuning.RELAIS);
        Sampler sampler = new Sampler(group, balancer, new Events());

        assertTrue(balancer.ranked().isEmpty());
        sampler.sample(System.nanoTime());
        assertEquals(2, balancer.ranked().size());
    }
}
