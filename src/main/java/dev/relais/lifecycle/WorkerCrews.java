package dev.relais.lifecycle;

import dev.relais.balancer.Sampler;
import dev.relais.functions.Candidate;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.FunctionsConfig;
import dev.relais.functions.Preloadable;
import dev.relais.functions.Reload;
import dev.relais.system.MemoryPlan;
import dev.relais.worker.Generation;
import dev.relais.worker.GroupSize;
import dev.relais.worker.WorkerGroup;
import dev.relais.worker.WorkersConfig;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The generations of the common workers, each with those of the pools that are started with it. */
@Singleton
final class WorkerCrews implements Crews {
    /** How much longer than {@code relais.workers.stop-timeout} the end of a generation may take, in milliseconds. */
    private static final long MORE_MILLIS = 15_000;

    private final WorkerGroup group;
    private final GroupSize size;
    private final WarmUp warmUp;
    private final Sampler sampler;
    private final WorkersConfig config;
    private final SitePhp sites;
    private final PoolKeeper pools;
    private final FunctionsConfig functions;
    private final LongSupplier nanos = System::nanoTime;
    private FunctionRegistry coming = FunctionRegistry.empty(); // whose pools the next generation has

    WorkerCrews(
            WorkerGroup group,
            GroupSize size,
            WarmUp warmUp,
            Sampler sampler,
            WorkersConfig config,
            SitePhp sites,
            PoolKeeper pools,
            FunctionsConfig functions) {
        this.sites = sites;
        this.pools = pools;
        this.functions = functions;
        this.group = group;
        this.size = size;
        this.warmUp = warmUp;
        this.sampler = sampler;
        this.config = config;
    }

    @Override
    public Crew serving() {
        Generation serving = Objects.requireNonNull(group.serving());
        return new OfGeneration(serving, poolsCrew(serving.number(), pools.serving()));
    }

    private PoolsCrew poolsCrew(int number, List<PoolKeeper.Part> parts) {
        return new PoolsCrew(number, parts, pools, warmUp, nanos);
    }

    @Override
    public Crew begin(int number, Map<Path, String> preload) throws IOException, SwitchProblem {
        boolean checksFiles = functions.reload() != Reload.GENERATIONS;
        PoolsCrew own = poolsCrew(number, pools.begin(number, coming, checksFiles));
        boolean begun = false;
        try {
            Crew crew = new OfGeneration(group.begin(number, preload), own);
            begun = true;
            return crew;
        } finally {
            if (!begun) {
                own.end();
            }
        }
    }

    @Override
    public void tell(FunctionRegistry next) {
        coming = next;
        sites.tell(next);
    }

    @Override
    public void tellAgain(FunctionRegistry inForce) {
        tell(inForce);
        pools.tellAgain(inForce);
    }

    @Override
    public long addedBytes(FunctionRegistry next) {
        return next.pools().isEmpty()
                ? 0
                : pools.addedBytes(
                        next, Math.max(MemoryPlan.USUAL_CHILD, group.childBytes()), Math.max(0, group.sharedBytes()));
    }

    @Override
    public List<Crew> others() {
        List<Crew> others = new ArrayList<>();
        for (Generation other : group.others()) {
            others.add(new OfGeneration(other, poolsCrew(other.number(), List.of())));
        }
        others.add(poolsCrew(0, pools.others()));
        return others;
    }

    private final class OfGeneration implements Crew {
        private final Generation generation;
        private final PoolsCrew own;
        private boolean left;

        OfGeneration(Generation generation, PoolsCrew own) {
            this.generation = generation;
            this.own = own;
        }

        @Override
        public int number() {
            return generation.number();
        }

        @Override
        public boolean isWhole() {
            return generation.isWhole() && own.isWhole();
        }

        @Override
        public @Nullable String failure() {
            String failure = generation.failure();
            return failure == null ? own.failure() : failure;
        }

        @Override
        public long memoryBytes() {
            int next = size.childrenPerWorker() * generation.workers().size();
            long common = (long) (group.memoryBytes(generation) * Math.min(1.0, (double) next / generation.size()));
            return common + own.memoryBytes();
        }

        @Override
        public void warmUp(Candidate candidate) throws SwitchProblem, InterruptedException {
            warmUp.run(generation, candidate);
            own.warmUp(candidate);
        }

        @Override
        public void answerCalls(Candidate candidate) throws SwitchProblem, InterruptedException {
            warmUp.calls(generation, null, candidate);
            own.answerCalls(candidate);
        }

        @Override
        public Map<Path, String> learn(FunctionRegistry now, Candidate next) throws InterruptedException {
            Preloadable wanted = Preloadable.of(now, next);
            return wanted == null ? Map.of() : generation.learn(next.scripts(), wanted::successor, nanos);
        }

        @Override
        public void serve() {
            group.serve(generation);
            sampler.sample(); // swaps the ranking: from now on requests go only to these workers
            own.serve();
        }

        @Override
        public void leave() {
            left = true;
            generation.leave();
            own.leave();
        }

        @Override
        public boolean isDrained() {
            return own.isDrained() && generation.isDrained();
        }

        @Override
        public int remaining() {
            return generation.remaining() + own.remaining();
        }

        @Override
        public void end() throws InterruptedException, TimeoutException {
            own.end();
            try {
                group.end(generation).get(config.stopTimeout().toMillis() + MORE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
            if (left) {
                sampler.sample(); // so that what ran on the ended generation no longer counts
            }
        }
    }
}
