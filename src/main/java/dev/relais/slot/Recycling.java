package dev.relais.slot;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Decides which children are due for replacement, and limits how many are away at a time, because children that started
 * together are due together. A child that has to wait for its replacement goes on serving. Any thread, no lock.
 */
public final class Recycling {
    private final long requests;
    private final @Nullable Duration age; // null for no limit
    private final long memoryBytes;
    private final long growthBytes;
    private final double share;
    private volatile int most;
    private final AtomicInteger away = new AtomicInteger();
    private final AtomicLongArray counts = new AtomicLongArray(RecycleReason.values().length);

    /** @param children of the whole group */
    public Recycling(RecycleConfig config, int children) {
        this.requests = config.requests().orElse(Long.MAX_VALUE);
        this.age = config.age().orElse(null);
        this.memoryBytes = config.memory().isPresent() ? config.memory().get().asLongValue() : Long.MAX_VALUE;
        this.growthBytes = config.growth().isPresent() ? config.growth().get().asLongValue() : Long.MAX_VALUE;
        this.share = config.share();
        this.most = most(children);
    }

    private int most(int children) {
        return Math.max(1, (int) (share * children));
    }

    /** The number of children of the whole group has changed. */
    public void resize(int children) {
        most = most(children);
    }

    /** Whether children are replaced for their age or memory, which have to be checked from time to time. */
    public boolean needsLook() {
        return age != null || looksAtMemory();
    }

    public boolean looksAtMemory() {
        return memoryBytes != Long.MAX_VALUE || growthBytes != Long.MAX_VALUE;
    }

    /** Whether a process has served as many requests as it may. */
    boolean hasServedEnough(long served) {
        return served >= requests;
    }

    public boolean isOld(Duration lived) {
        return age != null && lived.compareTo(age) >= 0;
    }

    /** The private memory from which on a process is replaced; {@link Long#MAX_VALUE} for no limit. */
    public long memoryBytes() {
        return memoryBytes;
    }

    /** The growth of its private memory from which on a process is replaced; {@link Long#MAX_VALUE} for no limit. */
    public long growthBytes() {
        return growthBytes;
    }

    /**
     * Takes a child out for replacement. The caller has to call {@link #end} later.
     *
     * @return false when too many are already away
     */
    boolean begin(RecycleReason reason) {
        int now = away.get();
        while (now < most) {
            if (away.compareAndSet(now, now + 1)) {
                counts.incrementAndGet(reason.ordinal());
                return true;
            }
            now = away.get();
        }
        return false;
    }

    /** The child has been replaced, or its whole worker leaves. */
    void end() {
        away.decrementAndGet();
    }

    /** The number of replacements since the start. */
    public long count(RecycleReason reason) {
        return counts.get(reason.ordinal());
    }
}
