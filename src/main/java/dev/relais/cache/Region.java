package dev.relais.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The stored answers of one function, within its share of the cache. What is asked for often stays (W-TinyLFU), also while a great
 * number of resources is asked for once each. Any thread; no call blocks but those that look through all answers.
 */
public final class Region {
    /** More invalidations than these are not remembered singly. */
    private static final int MOST_INVALIDATED = 10_000;

    private final String function;
    private final Cache<String, Resource> resources;
    private final Policy.Eviction<String, Resource> eviction;
    private final Purges purges;
    private final LongConsumer used;
    private final CacheCounts counts;
    private final Map<String, Long> invalidated = new ConcurrentHashMap<>(); // until nothing older is on its way
    private volatile long floor; // what was asked for before this moment is not kept
    private volatile boolean everStored;

    /**
     * @param share the most bytes
     * @param used told of each change of the bytes that are taken
     */
    Region(String function, long share, Purges purges, LongConsumer used, CacheCounts counts) {
        this.function = function;
        this.purges = purges;
        this.used = used;
        this.counts = counts;
        this.resources = Caffeine.newBuilder()
                .maximumWeight(share)
                .weigher((String key, Resource resource) -> resource.weight())
                .executor(Runnable::run)
                .removalListener(this::removed)
                .build();
        this.eviction = resources.policy().eviction().orElseThrow();
    }

    private void removed(@Nullable String key, @Nullable Resource resource, RemovalCause cause) {
        if (resource != null) {
            used.accept(-resource.weight());
            if (cause == RemovalCause.SIZE) {
                counts.evicted(resource.answers().size());
            }
        }
    }

    public String function() {
        return function;
    }

    public CacheCounts counts() {
        return counts;
    }

    /** Whether an answer of this function was ever stored. */
    boolean hasEverStored() {
        return everStored;
    }

    /** What was found for a request. */
    public sealed interface Found {
        /** Nothing is stored under the URI. */
        record Nothing() implements Found {
            static final Nothing NOTHING = new Nothing();
        }

        /** Something is stored under the URI, but only for other requests. */
        record Others() implements Found {
            static final Others OTHERS = new Others();
        }

        record Answer(Stored stored) implements Found {}
    }

    /** The newest stored answer to such a request. */
    Found find(ResultKey key, MultiMap headers) {
        Resource resource = resources.getIfPresent(key.primary());
        if (resource == null) {
            return Found.Nothing.NOTHING;
        }
        for (int i = 0; i < resource.answers().size(); i++) {
            Stored stored = resource.answers().get(i);
            if (!stored.matches(key.exact(), Selection.of(stored.vary(), headers))) {
                continue;
            }
            Purges.Purge purge = purges.of(stored.tags(), stored.moment());
            if (purge == null) {
                return new Found.Answer(stored);
            }
            if (purge.soft()) {
                return new Found.Answer(stored.ended(purge.millis()));
            }
            replace(key.primary(), stored, null);
            return Found.Nothing.NOTHING;
        }
        return Found.Others.OTHERS;
    }

    /** The names of the fields that select among the answers of a resource; null when nothing of it is stored. */
    @Nullable
    List<String> vary(String primary) {
        Resource resource = resources.getIfPresent(primary);
        return resource == null ? null : resource.answers().get(0).vary();
    }

    /** Whether an answer that PHP was asked for at this moment may still be kept. */
    boolean isCurrent(String primary, List<String> tags, long moment) {
        Long gone = invalidated.isEmpty() ? null : invalidated.get(primary);
        return moment >= floor && (gone == null || moment >= gone) && purges.of(tags, moment) == null;
    }

    void put(String primary, Stored stored) {
        everStored = true;
        change(primary, former -> Resource.with(former, primary, stored));
    }

    /** @param updated null to remove it */
    void replace(String primary, Stored old, @Nullable Stored updated) {
        change(primary, former -> former == null ? null : former.replacing(primary, old, updated));
    }

    /** Weighs a resource anew, because a coding of its content was kept. */
    void reweigh(String primary) {
        change(primary, former -> former == null ? null : Resource.of(primary, former.answers()));
    }

    private void change(String primary, UnaryOperator<@Nullable Resource> change) {
        resources.asMap().compute(primary, (key, former) -> {
            Resource next = change.apply(former);
            if (next != null && next != former) {
                used.accept(next.weight());
            }
            return next;
        });
    }

    /** Removes all answers of a resource; one that is on its way is not kept (RFC 9111 section 4.4). */
    boolean invalidate(String primary) {
        if (invalidated.size() >= MOST_INVALIDATED) {
            floor = purges.next();
            invalidated.clear();
        }
        invalidated.put(primary, purges.next());
        return resources.asMap().remove(primary) != null;
    }

    /** Removes everything; what is on its way is not kept. */
    void clear() {
        floor = purges.next();
        invalidated.clear();
        resources.invalidateAll();
    }

    /**
     * Removes some answers, or ends their freshness. Takes as long as there are answers.
     *
     * @param wanted given the primary part of a key
     * @return how many it were
     */
    int purge(Predicate<String> wanted, Predicate<Stored> which, boolean soft, long nowMillis) {
        int count = 0;
        for (Map.Entry<String, Resource> entry : resources.asMap().entrySet()) {
            if (!wanted.test(entry.getKey())) {
                continue;
            }
            for (Stored stored : entry.getValue().answers()) {
                if (which.test(stored)) {
                    replace(entry.getKey(), stored, soft ? stored.ended(nowMillis) : null);
                    count++;
                }
            }
        }
        return count;
    }

    /** Lets nothing be kept that was asked for before now. */
    void raiseFloor() {
        floor = purges.next();
    }

    /** The bytes that it takes. */
    public long bytes() {
        return eviction.weightedSize().orElse(0);
    }

    public long entries() {
        return resources.estimatedSize();
    }

    public long most() {
        return eviction.getMaximum();
    }

    /** Changes the most bytes, and evicts what is too much. */
    void most(long bytes) {
        eviction.setMaximum(Math.max(0, bytes));
        resources.cleanUp();
    }
}
