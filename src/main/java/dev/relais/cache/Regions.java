package dev.relais.cache;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The regions of all functions, which share the memory of the cache. Each may take its share while there is room; when there is none,
 * the largest one gives some back, so that a function with few answers keeps them beside one with many. Any thread.
 */
final class Regions {
    /** A region is not enlarged for less than this part of the cache, since that takes a lock. */
    private static final int STEP = 64;

    private final long size;
    private final long share;
    private final Purges purges = new Purges();
    private final Map<String, Region> byFunction = new ConcurrentHashMap<>();
    private final Map<String, CacheCounts> counts = new ConcurrentHashMap<>(); // kept, since their meters are
    private final AtomicLong used = new AtomicLong();

    /**
     * @param size the most bytes of all regions
     * @param share the most bytes of one
     */
    Regions(long size, long share) {
        this.size = size;
        this.share = Math.min(size, share);
    }

    Purges purges() {
        return purges;
    }

    Region of(String function) {
        Region region = byFunction.get(function);
        return region != null
                ? region
                : byFunction.computeIfAbsent(
                        function, name -> new Region(name, share, purges, used::addAndGet, counts(name)));
    }

    private CacheCounts counts(String function) {
        return counts.computeIfAbsent(function, name -> new CacheCounts());
    }

    @Nullable
    Region get(String function) {
        return byFunction.get(function);
    }

    Collection<Region> all() {
        return byFunction.values();
    }

    /** Removes the region of a function that does not exist any more. */
    void remove(String function) {
        Region removed = byFunction.remove(function);
        if (removed != null) {
            removed.clear();
        }
    }

    /**
     * Purges what a scope is about. Takes as long as there are answers.
     *
     * @return how many answers it were
     */
    int purge(PurgeScope scope, long nowMillis) {
        int count = 0;
        String path = scope.path();
        Predicate<String> wanted = path == null ? key -> true : key -> ResultKey.isAt(key, path);
        for (Region region : all()) {
            if (scope.function() != null && !scope.function().equals(region.function())) {
                continue;
            }
            if (scope.tag() != null) {
                String own = Tags.own(region.function(), scope.tag());
                Purges.Purge purge = purges.purge(own, scope.soft(), nowMillis);
                count += region.purge(wanted, stored -> stored.tags().contains(own), scope.soft(), nowMillis);
                purges.forget(own, purge);
                region.raiseFloor();
            } else {
                region.raiseFloor(); // what is on its way is not kept
                count += region.purge(wanted, stored -> true, scope.soft(), nowMillis);
            }
        }
        return count;
    }

    /** Purges the answers of a function that have a tag, at once, however many they are. */
    void purgeTag(String function, String tag, boolean soft, long nowMillis) {
        if (get(function) == null) {
            return;
        }
        if (purges.isFull()) {
            all().forEach(Region::clear); // so that none of them has to be remembered
            purges.forgetAll();
        }
        purges.purge(Tags.own(function, tag), soft, nowMillis);
    }

    long used() {
        return used.get();
    }

    long size() {
        return size;
    }

    long share() {
        return share;
    }

    /** Keeps the regions within the size of the cache. Called after something was stored in this one. */
    void settle(Region grown) {
        long over = used.get() - size;
        if (over > 0) {
            Region largest = grown;
            for (Region region : byFunction.values()) {
                largest = region.bytes() > largest.bytes() ? region : largest;
            }
            largest.most(largest.bytes() - over);
        } else if (grown.most() < share) {
            long free = Math.min(share, grown.bytes() - over);
            if (free - grown.most() > size / STEP) {
                grown.most(free);
            }
        }
    }
}
