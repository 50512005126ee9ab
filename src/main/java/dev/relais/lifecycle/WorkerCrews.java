package dev.relais.lifecycle;

import dev.relais.balancer.Sampler;
import dev.relais.functions.Candidate;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.Preloadable;
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

/** The generations of the worker group. */
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
    private final LongSupplier nanos = System::nanoTime;

    WorkerCrews(
            WorkerGroup group, GroupSize size, WarmUp warmUp, Sampler sampler, WorkersConfig config, SitePhp sites) {
        this.sites = sites;
        this.group = group;
        this.size = size;
        this.warmUp = warmUp;
        this.sampler = sampler;
        this.config = config;
    }

    @Override
    public Crew serving() {
        return new OfGeneration(Objects.requireNonNull(group.serving()));
    }

    @Override
    public Crew begin(int number, Map<Path, String> preload) throws IOException {
        return new OfGeneration(group.begin(number, preload));
    }

    @Override
    public void tell(FunctionRegistry coming) {
        sites.tell(coming);
    }

    @Override
    public List<Crew> others() {
        List<Crew> others = new ArrayList<>();
        for (Generation other : group.others()) {
            others.add(new OfGeneration(other));
        }
        return others;
    }

    private final class OfGeneration implements Crew {
        private final Generation generation;
        private boolean left;

        OfGeneration(Generation generation) {
            this.generation = generation;
        }

        @Override
        public int number() {
            return generation.number();
        }

        @Override
        public boolean isWhole() {
            return generation.isWhole();
        }

        @Override
        public @Nullable String failure() {
            return generation.failure();
        }

        @Override
        public long memoryBytes() {
            int next = size.childrenPerWorker() * generation.workers().size();
            return (long) (group.memoryBytes(generation) * Math.min(1.0, (double) next / generation.size()));
        }

        @Override
        public void warmUp(Candidate candidate) throws SwitchProblem, InterruptedException {
            warmUp.run(generation, candidate);
        }

        @Override
        public void answerCalls(Candidate candidate) throws SwitchProblem, InterruptedException {
            warmUp.calls(generation, candidate);
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
        }

        @Override
        public void leave() {
            left = true;
            generation.leave();
        }

        @Override
        public boolean isDrained() {
            return generation.isDrained();
        }

        @Override
        public int remaining() {
            return generation.remaining();
        }

        @Override
        public void end() throws InterruptedException, TimeoutException {
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
