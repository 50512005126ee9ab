package dev.relais.lifecycle;

import dev.relais.functions.Candidate;
import dev.relais.functions.PhpFunction;
import dev.relais.functions.PoolSettings;
import dev.relais.gateway.WarmUpCall;
import dev.relais.slot.OwnExchange;
import dev.relais.slot.Worker;
import dev.relais.worker.Generation;
import dev.relais.worker.Trial;
import dev.relais.worker.WorkerGroup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Warms up the workers of a generation before it serves: they compile all scripts, and then each of them answers the declared
 * calls. The generation is refused when a call is answered with a server error, but not when a script that no call uses cannot
 * be compiled. What still runs when the time is over is ended. Blocks.
 */
@Singleton
final class WarmUp {
    private final GenerationsConfig config;
    private final WorkerGroup group;
    private final LongSupplier nanos;

    @Inject
    WarmUp(GenerationsConfig config, WorkerGroup group) {
        this(config, group, System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    WarmUp(GenerationsConfig config, WorkerGroup group, LongSupplier nanos) {
        this.config = config;
        this.group = group;
        this.nanos = nanos;
    }

    void run(Generation generation, Candidate candidate) throws SwitchProblem, InterruptedException {
        run(group, generation, null, candidate);
    }

    /**
     * @param of the generation
     * @param pool whose generation it is; null for the common one
     */
    void run(WorkerGroup of, Generation generation, @Nullable PoolSettings pool, Candidate candidate)
            throws SwitchProblem, InterruptedException {
        long deadline = nanos.getAsLong() + config.warmUpTimeout().toNanos();
        try {
            if (pool == null || pool.resident() == null && hasFunctions(pool, candidate)) {
                await(of.compilation(generation, candidate.scripts()).run(deadline), deadline);
            }
        } catch (IOException e) {
            throw new SwitchProblem("the list of scripts to compile cannot be written: " + e.getMessage());
        }
        calls(generation, pool, candidate, deadline);
    }

    /** Whether it runs functions of the functions directory, and not only sites, whose scripts nobody lists. */
    private static boolean hasFunctions(PoolSettings pool, Candidate candidate) {
        for (PhpFunction function : candidate.registry().all()) {
            if (!function.isSite() && pool.equals(function.settings().pool())) {
                return true;
            }
        }
        return false;
    }

    /** Has the workers answer only the declared calls. */
    void calls(Generation generation, @Nullable PoolSettings pool, Candidate candidate)
            throws SwitchProblem, InterruptedException {
        calls(
                generation,
                pool,
                candidate,
                nanos.getAsLong() + config.warmUpTimeout().toNanos());
    }

    private void calls(Generation generation, @Nullable PoolSettings pool, Candidate candidate, long deadline)
            throws SwitchProblem, InterruptedException {
        for (WarmUpCall call : WarmUpCall.of(candidate.registry())) {
            if (!Objects.equals(call.function().settings().pool(), pool)) {
                continue;
            }
            if (call.problem() != null) {
                throw problem(call, call.problem());
            }
            long now = nanos.getAsLong();
            long timeout =
                    TimeUnit.MILLISECONDS.toNanos(call.function().settings().timeoutMillis());
            long limit = now + Math.min(timeout, deadline - now);
            List<CompletableFuture<OwnExchange.Reply>> replies = new ArrayList<>();
            for (Worker worker : generation.workers()) {
                replies.add(Trial.run(worker, call.function().name(), call.encode(), nanos, limit));
            }
            for (CompletableFuture<OwnExchange.Reply> reply : replies) {
                judge(call, await(reply, deadline));
            }
        }
    }

    private static void judge(WarmUpCall call, OwnExchange.Reply reply) throws SwitchProblem {
        if (reply.isBrokenOff()) {
            throw problem(call, "was not answered: " + reply.text());
        }
        if (reply.status() >= 500) {
            throw problem(call, "was answered with " + reply.status());
        }
    }

    private static SwitchProblem problem(WarmUpCall call, String what) {
        return new SwitchProblem("warm-up call " + call.target() + " " + what);
    }

    private <T> T await(Future<T> future, long deadline) throws SwitchProblem, InterruptedException {
        try {
            return future.get(Math.max(0, deadline - nanos.getAsLong()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new SwitchProblem("the warm-up took longer than relais.generations.warm-up-timeout="
                    + config.warmUpTimeout().toMillis() + "ms");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
