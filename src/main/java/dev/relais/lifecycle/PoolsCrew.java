package dev.relais.lifecycle;

import dev.relais.functions.Candidate;
import dev.relais.functions.FunctionRegistry;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The workers of all pools in one generation. Called by the thread that switches. */
final class PoolsCrew implements Crew {
    /**
     * How long a pool that is removed goes on to serve at least: who has found a function in it before takes less time until it waits for a
     * child, unless its body still comes, or it waits for the answer to another request. It then looks for the function again.
     */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** For how long all children of a resident function are waited for, once one of them serves. */
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final int number;
    private final List<PoolKeeper.Part> parts;
    private final PoolKeeper keeper;
    private final WarmUp warmUp;
    private final LongSupplier nanos;
    private final long begunNanos;
    private final Set<PoolKeeper.Part> left = new HashSet<>();
    private long leavingNanos;

    PoolsCrew(int number, List<PoolKeeper.Part> parts, PoolKeeper keeper, WarmUp warmUp, LongSupplier nanos) {
        this.number = number;
        this.parts = List.copyOf(parts);
        this.keeper = keeper;
        this.warmUp = warmUp;
        this.nanos = nanos;
        this.begunNanos = nanos.getAsLong();
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public boolean isWhole() {
        for (PoolKeeper.Part part : parts) {
            if (!part.generation().isWhole() && !isBeyond(part) && !isLate(part)) {
                return false;
            }
        }
        return true;
    }

    /** Where boots of a resident function take long, the first of its children serves, and the others follow. */
    private boolean isLate(PoolKeeper.Part part) {
        return part.workers().boots() != null
                && part.generation().remaining() > 0
                && nanos.getAsLong() - begunNanos > LATE_NANOS;
    }

    /**
     * Whether nobody waits for a generation: that of a resident function which does not boot now either, as when its database is away. Other
     * functions must not suffer from it.
     */
    private boolean isBeyond(PoolKeeper.Part part) {
        PoolKeeper.Part now = keeper.serving(part.workers().settings().name());
        return part.workers().boots() != null
                && now != null
                && now.generation().remaining() == 0
                && (now.equals(part) || part.generation().failure() != null);
    }

    @Override
    public @Nullable String failure() {
        for (PoolKeeper.Part part : parts) {
            String failure = isBeyond(part) ? null : part.generation().failure();
            if (failure != null) {
                return part.workers() + ": " + failure;
            }
        }
        return null;
    }

    @Override
    public long memoryBytes() {
        long sum = 0;
        for (PoolKeeper.Part part : parts) {
            sum += part.workers().group().memoryBytes(part.generation());
        }
        return sum;
    }

    @Override
    public void warmUp(Candidate candidate) throws SwitchProblem, InterruptedException {
        for (PoolKeeper.Part part : parts) {
            warmUp.run(part.workers().group(), part.generation(), part.workers().settings(), candidate);
        }
    }

    @Override
    public void answerCalls(Candidate candidate) throws SwitchProblem, InterruptedException {
        for (PoolKeeper.Part part : parts) {
            warmUp.calls(part.generation(), part.workers().settings(), candidate);
        }
    }

    /** A pool learns nothing. */
    @Override
    public Map<Path, String> learn(FunctionRegistry now, Candidate next) {
        return Map.of();
    }

    @Override
    public void serve() {
        keeper.serve(parts);
    }

    /** A pool that is removed leaves later, see {@link #isDrained}. */
    @Override
    public void leave() {
        leavingNanos = nanos.getAsLong();
        for (PoolKeeper.Part part : parts) {
            if (!keeper.isRemoved(part)) {
                leave(part);
            }
        }
    }

    private void leave(PoolKeeper.Part part) {
        left.add(part);
        part.generation().leave();
    }

    @Override
    public boolean isDrained() {
        boolean drained = true;
        for (PoolKeeper.Part part : parts) {
            if (!left.contains(part) && mayLeave(part)) {
                part.workers().leaveRanking();
                part.workers().pool().ranking().rankEqual(List.of(), nanos.getAsLong());
                leave(part);
            }
            drained &= left.contains(part) && part.generation().isDrained();
        }
        return drained;
    }

    private boolean mayLeave(PoolKeeper.Part part) {
        return nanos.getAsLong() - leavingNanos > LINGER_NANOS
                && part.workers().pool().waiting() == 0;
    }

    @Override
    public int remaining() {
        int remaining = 0;
        for (PoolKeeper.Part part : parts) {
            remaining += left.contains(part) ? part.generation().remaining() : 0;
        }
        return remaining;
    }

    @Override
    public void end() {
        for (PoolKeeper.Part part : parts) {
            keeper.end(part);
        }
        keeper.sample(); // so that what ran on the ended generations no longer counts
    }
}
