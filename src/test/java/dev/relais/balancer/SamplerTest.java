package dev.relais.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.running.RunningProfile;
import dev.relais.worker.Worker;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkerSample;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RunningProfile.class)
class SamplerTest {
    @Inject
    WorkerGroup group;

    /** The real workers, of which the first cannot be sampled. */
    private final class HalfBlind extends WorkerGroup {
        HalfBlind() {
            super(null);
        }

        @Override
        public List<Worker> workers() {
            return group.workers();
        }

        @Override
        public WorkerSample sample(Worker worker) {
            if (worker.id() == 0) {
                throw new IllegalStateException("no sample today");
            }
            return group.sample(worker);
        }
    }

    @Test
    void aSampleThatFailsKeepsItsWorkerInTheRanking() {
        Balancer balancer = new Balancer(1_000_000_000L);
        Sampler sampler = new Sampler(new HalfBlind(), balancer);

        sampler.sample(System.nanoTime());
        sampler.sample(System.nanoTime());

        assertEquals(2, balancer.ranked().size());
        assertTrue(balancer.isServing());
    }

    @Test
    void eachSampleSwapsTheRanking() {
        Balancer balancer = new Balancer(1_000_000_000L);
        Sampler sampler = new Sampler(group, balancer);

        assertTrue(balancer.ranked().isEmpty());
        sampler.sample(System.nanoTime());
        assertEquals(2, balancer.ranked().size());
    }
}
