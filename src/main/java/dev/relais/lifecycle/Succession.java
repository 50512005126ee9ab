package dev.relais.lifecycle;

import dev.relais.LogText;
import dev.relais.events.Events;
import dev.relais.events.GenerationEvent;
import dev.relais.functions.Candidate;
import dev.relais.functions.Candidates;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.Functions;
import dev.relais.functions.Preloadable;
import dev.relais.gateway.WarmUpCall;
import dev.relais.system.CgroupMemory;
import dev.relais.worker.Generations;
import dev.relais.worker.Generations.State;
import dev.relais.worker.WorkersConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Replaces one generation by another in this order: load the functions, check the memory, start the workers, warm them up, take
 * over, drain the old workers, end them. The registry changes with the take-over, and not before. Blocks; called by one thread.
 */
@Singleton
final class Succession implements Steps {
    private static final Logger LOG = Logger.getLogger(Succession.class);
    /** How often a generation is started at most, when the directory changes meanwhile. */
    static final int TRIES = 5;

    private final Duration startTimeout;
    private final Duration drainTimeout;
    private final Candidates functions;
    private final Crews crews;
    private final Generations generations;
    private final Events events;
    private final Supplier<CgroupMemory.@Nullable Room> room;
    private final Clock clock;
    private final Pauses pauses;

    @Inject
    Succession(
            GenerationsConfig config,
            WorkersConfig workersConfig,
            Candidates functions,
            Crews crews,
            Generations generations,
            Events events) {
        this(
                workersConfig.startTimeout(),
                config.drainTimeout(),
                functions,
                crews,
                generations,
                events,
                CgroupMemory.ofThisProcess()::room,
                Clock.systemUTC(),
                Pauses.REAL);
    }

    /**
     * @param startTimeout how long children may take to answer
     * @param drainTimeout how long scripts of the old generation may go on
     * @param room what the control group leaves of its memory; gives null when nothing limits it
     */
    Succession(
            Duration startTimeout,
            Duration drainTimeout,
            Candidates functions,
            Crews crews,
            Generations generations,
            Events events,
            Supplier<CgroupMemory.@Nullable Room> room,
            Clock clock,
            Pauses pauses) {
        this.startTimeout = startTimeout;
        this.drainTimeout = drainTimeout;
        this.functions = functions;
        this.crews = crews;
        this.generations = generations;
        this.events = events;
        this.room = room;
        this.clock = clock;
        this.pauses = pauses;
    }

    @Override
    public Former takeOver(int number) throws SwitchProblem, InterruptedException {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            Crew former = attempt(number, attempt == TRIES);
            if (former != null) {
                return former(former);
            }
            events.add(new GenerationEvent.StartedAnew(number));
        }
        throw new SwitchProblem("the code in the functions directory changes faster than a generation starts;"
                + " name in relais.functions.ignore what an application writes there");
    }

    /**
     * @param last whether this is the last try, for which only the code must be unchanged; other files, such as those that an
     *     application writes there all the time, are read from the disk at each request
     * @return the generation that it has taken over from; null when the directory changed meanwhile
     */
    private @Nullable Crew attempt(int number, boolean last) throws SwitchProblem, InterruptedException {
        Candidate candidate = load();
        Crew next = null;
        boolean told = false;
        boolean serves = false;
        try {
            Crew old = crews.serving();
            MemoryCheck.check(room.get(), old.memoryBytes() + crews.addedBytes(candidate.registry()));
            state(State.STARTING);
            told = true;
            crews.tell(candidate.registry());
            Map<Path, String> preload = old.learn(functions.current(), candidate);
            next = crews.begin(number, preload);
            try {
                warm(next, candidate);
            } catch (SwitchProblem e) {
                if (preload.isEmpty()) {
                    throw e;
                }
                events.add(new GenerationEvent.PreloadGivenUp(number, e.getMessage()));
                preload = Map.of();
                end(next);
                state(State.STARTING);
                next = crews.begin(number, preload);
                warm(next, candidate);
            }
            if (!functions.isStill(candidate, last)) {
                return null;
            }
            next.serve();
            serves = true;
            generations.preloads(preload.size());
            if (!preload.isEmpty()) {
                events.add(new GenerationEvent.Preloaded(number, preload.size()));
            }
            functions.publish(candidate); // after the take-over, so that no new function runs on old code
            return old;
        } catch (IOException e) {
            throw new SwitchProblem("the functions directory cannot be read: " + Functions.reason(e));
        } finally {
            if (!serves) {
                functions.drop(candidate);
                end(next);
                if (told) {
                    tellAgain();
                }
            }
        }
    }

    private void tellAgain() {
        try {
            crews.tellAgain(functions.current());
        } catch (RuntimeException e) {
            LOG.errorf(
                    "PHP is not told its settings again, which masters that are restarted would need: cause=%s",
                    LogText.value(e));
        }
    }

    private void warm(Crew next, Candidate candidate) throws SwitchProblem, InterruptedException {
        awaitWhole(next);
        state(State.WARMING);
        next.warmUp(candidate);
        awaitWhole(next); // again, since a child, or a master with its compiled scripts, may be lost
    }

    @Override
    public boolean learnsFirst() {
        FunctionRegistry registry = functions.current();
        return Preloadable.isWanted(registry) && !WarmUpCall.of(registry).isEmpty();
    }

    private Candidate load() throws SwitchProblem {
        try {
            return functions.candidate();
        } catch (IOException e) {
            throw new SwitchProblem(Functions.reason(e));
        }
    }

    private void awaitWhole(Crew next) throws SwitchProblem, InterruptedException {
        if (!pauses.await(() -> next.isWhole() || next.failure() != null, startTimeout)) {
            throw new SwitchProblem("not all children have answered within relais.workers.start-timeout="
                    + startTimeout.toMillis() + "ms");
        }
        if (next.failure() != null) {
            throw new SwitchProblem(next.failure());
        }
    }

    @Override
    public void endOthers() {
        try {
            for (Crew other : crews.others()) {
                end(other);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the gateway stops, and ends the workers itself
        }
    }

    private Former former(Crew old) {
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

    private int retire(Crew old) throws InterruptedException {
        state(State.DRAINING);
        old.leave();
        int cut = 0;
        if (!pauses.await(old::isDrained, drainTimeout)) {
            cut = old.remaining();
            events.add(new GenerationEvent.ScriptsEnded(old.number(), cut));
        }
        end(old);
        return cut;
    }

    @Override
    public @Nullable String warmFirst(boolean compile) throws InterruptedException {
        if (!compile && WarmUpCall.of(functions.current()).isEmpty()) {
            return null;
        }
        state(State.WARMING);
        String problem = null;
        try {
            Candidate candidate = load();
            try {
                Crew first = crews.serving();
                awaitWhole(first);
                if (compile) {
                    first.warmUp(candidate);
                } else {
                    first.answerCalls(candidate);
                }
            } finally {
                if (compile) {
                    functions.publish(candidate);
                } else {
                    functions.drop(candidate); // it is in force, or needs processes that this generation does not have
                }
            }
        } catch (SwitchProblem e) {
            problem = e.getMessage();
        }
        generations.publish(Generations.Status.first(clock.instant(), problem));
        return problem;
    }

    private void state(State state) {
        generations.publish(generations.status().in(state));
    }

    /** @param crew null for none */
    private void end(@Nullable Crew crew) throws InterruptedException {
        if (crew == null) {
            return;
        }
        try {
            crew.end();
        } catch (TimeoutException | IllegalStateException e) {
            LOG.errorf(
                    "Generation does not end, the guard will end it with the gateway: generation=%d cause=%s",
                    crew.number(), LogText.value(e));
        }
    }
}
