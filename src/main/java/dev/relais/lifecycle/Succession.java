package dev.relais.lifecycle;

import dev.relais.events.GenerationEvent;
import dev.relais.events.Events;
import dev.relais.balancer.Sampler;
import dev.relais.functions.Candidate;
import dev.relais.functions.Functions;
import dev.relais.gateway.WarmUpCall;
import dev.relais.system.CgroupMemory;
import dev.relais.worker.Generation;
import dev.relais.worker.Generations;
import dev.relais.worker.Generations.State;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkersConfig;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * The order in which one generation follows another: load the functions, check the memory, start the workers, warm them up, take over,
 * drain the old ones, end them. The registry changes with the take-over, and not before. Blocks; belongs to one thread.
 */
@Singleton
final class Succession implements Steps {
    private static final Logger LOG = Logger.getLogger(Succession.class);
    /** How often it looks at what other threads count. A switch takes hundreds of milliseconds; a signal for each count would need more code. */
    private static final long STEP_MILLIS = 5;
    /** How often a generation is started at most, when the directory changes meanwhile. */
    private static final int TRIES = 5;

    private final GenerationsConfig config;
    private final WorkersConfig workersConfig;
    private final Functions functions;
    private final WorkerGroup group;
    private final Generations generations;
    private final Sampler sampler;
    private final WarmUp warmUp;
    private final Events events;
    private final CgroupMemory memory = CgroupMemory.ofThisProcess();

    Succession(
            GenerationsConfig config,
            WorkersConfig workersConfig,
            Functions functions,
            WorkerGroup group,
            Generations generations,
            Sampler sampler,
            WarmUp warmUp,
            Events events) {
        this.config = config;
        this.workersConfig = workersConfig;
        this.functions = functions;
        this.group = group;
        this.generations = generations;
        this.sampler = sampler;
        this.warmUp = warmUp;
        this.events = events;
    }

    @Override
    public Former takeOver(int number) throws SwitchProblem, InterruptedException {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            Generation former = attempt(number, attempt == TRIES);
            if (former != null) {
                return former(former);
            }
            events.add(new GenerationEvent.StartedAnew(number));
        }
        throw new SwitchProblem("the code in the functions directory changes faster than a generation starts;"
                + " name in relais.functions.ignore what an application writes there");
    }

    /**
     * @param last whether this is the last try. Then only the code must be what it was: other files, such as those that an application
     *     writes there all the time, are read from the disk at each request
     * @return the generation that it has taken over from; null when the directory changed meanwhile
     */
    private Generation attempt(int number, boolean last) throws SwitchProblem, InterruptedException {
        Candidate candidate = load();
        Generation next = null;
        boolean serves = false;
        try {
            Generation old = group.serving();
            MemoryCheck.check(memory.room(), group.memoryBytes(old));
            state(State.STARTING);
            next = group.begin(number);
            awaitWhole(next);
            state(State.WARMING);
            warmUp.run(next, candidate);
            awaitWhole(next); // once more, since a child may have been lost, or a master with what it had compiled
            if (!functions.isStill(candidate, last)) {
                return null;
            }
            group.serve(next);
            serves = true;
            sampler.sample(System.nanoTime()); // swaps the ranking: from here on requests find the new workers only
            functions.publish(candidate); // after it, so that no new function meets old code
            return old;
        } catch (IOException e) {
            throw new SwitchProblem("the functions directory cannot be read: " + Functions.reason(e));
        } finally {
            if (!serves) {
                functions.drop(candidate);
                end(next);
            }
        }
    }

    private Candidate load() throws SwitchProblem {
        try {
            return functions.candidate();
        } catch (IOException e) {
            throw new SwitchProblem(Functions.reason(e));
        }
    }

    private void awaitWhole(Generation next) throws SwitchProblem, InterruptedException {
        Duration timeout = workersConfig.startTimeout();
        if (!await(() -> next.isWhole() || next.failure() != null, timeout)) {
            throw new SwitchProblem(
                    "not all children have answered within relais.workers.start-timeout=" + timeout.toMillis() + "ms");
        }
        if (next.failure() != null) {
            throw new SwitchProblem(next.failure());
        }
    }

    @Override
    public void endOthers() {
        try {
            for (Generation other : group.others()) {
                end(other);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the gateway stops, and ends them itself
        }
    }

    private Former former(Generation old) {
        return new Former() {
            @Override
            public int number() {
                return old.number();
            }

            @Override
            public int retire() throws InterruptedException {
                return Succession.this.retire(old);
            }
        };
    }

    private int retire(Generation old) throws InterruptedException {
        state(State.DRAINING);
        old.leave();
        int cut = 0;
        if (!await(old::isDrained, config.drainTimeout())) {
            cut = old.remaining();
            events.add(new GenerationEvent.ScriptsEnded(old.number(), cut));
        }
        end(old);
        sampler.sample(System.nanoTime()); // so that what ran on it no longer counts
        return cut;
    }

    @Override
    public String warmFirst(boolean compile) throws InterruptedException {
        if (!compile && WarmUpCall.of(functions.current()).isEmpty()) {
            return null;
        }
        state(State.WARMING);
        String problem = null;
        try {
            Candidate candidate = load();
            try {
                awaitWhole(group.serving());
                if (compile) {
                    warmUp.run(group.serving(), candidate);
                } else {
                    warmUp.calls(group.serving(), candidate);
                }
            } finally {
                functions.publish(candidate);
            }
        } catch (SwitchProblem e) {
            problem = e.getMessage();
        }
        generations.publish(Generations.Status.first(Instant.now(), problem));
        return problem;
    }

    private void state(State state) {
        generations.publish(generations.status().in(state));
    }

    /** @param generation null for none */
    private void end(Generation generation) throws InterruptedException {
        if (generation == null) {
            return;
        }
        try {
            group.end(generation).get(workersConfig.stopTimeout().toMillis() + 15_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.errorf(
                    "Generation does not end, the guard will end it with the gateway: generation=%d cause=\"%s\"",
                    generation.number(), e);
        }
    }

    private static boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(STEP_MILLIS);
        }
        return true;
    }
}
