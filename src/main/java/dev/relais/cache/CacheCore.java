package dev.relais.cache;

import dev.relais.functions.CacheSettings;
import dev.relais.functions.CodeVersions;
import dev.relais.functions.PhpFunction;
import dev.relais.http.KeptFiles;
import dev.relais.telemetry.CacheMeters;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What all questions to the cache have in common: what is kept, what is asked for now, and the settings. Any thread. */
final class CacheCore {
    private final CodeVersions versions;
    private final @Nullable CacheMeters meters;
    private final LongSupplier clock;
    private final Regions regions;
    private final SharedAnswers shared;
    private final Flights flights = new Flights();
    private final List<String> targets;
    private final long maxObject;
    private final long staleWhenSaturated;
    private final boolean heuristic;
    private final OutsideHeap memory = new OutsideHeap();
    private final @Nullable KeptFiles files;
    private final long leastInFile;
    private final boolean tells;

    /**
     * @param targets the targeted fields that are obeyed, the first one first
     * @param meters null for none
     * @param files null: everything is in memory
     * @param clock milliseconds since 1970
     */
    CacheCore(
            CacheConfig config,
            Regions regions,
            SharedAnswers shared,
            List<String> targets,
            CodeVersions versions,
            @Nullable CacheMeters meters,
            @Nullable KeptFiles files,
            LongSupplier clock) {
        this.regions = regions;
        this.shared = shared;
        this.targets = targets;
        this.versions = versions;
        this.meters = meters;
        this.clock = clock;
        this.maxObject =
                Math.min(config.maxObjectSize().asLongValue(), Math.min(regions.share() / 2, Integer.MAX_VALUE / 4));
        this.staleWhenSaturated = config.staleWhenSaturated().toMillis();
        this.heuristic = config.heuristic();
        this.files = files;
        this.leastInFile = config.fileThreshold().asLongValue();
        this.tells = config.status();
    }

    /** Purges what the answer of a function says, among its own answers. */
    void purgeBy(PhpFunction function, List<String> fields) {
        String name = function.name();
        for (String tag : Tags.purged(fields)) {
            shared.purge(new PurgeScope(name, null, tag, false, clock.getAsLong()));
            regions.purgeTag(name, tag, false, clock.getAsLong());
        }
    }

    /** The first answer of a function is kept: from now on there are meters for it. */
    void firstIsStored(Region region) {
        CacheMeters registered = meters;
        if (registered == null) {
            return;
        }
        String name = region.function();
        CacheCounts counts = region.counts();
        for (CacheCounts.Outcome outcome : CacheCounts.Outcome.values()) {
            registered.requests(name, outcome.word(), counts, of -> of.of(outcome));
        }
        for (CacheCounts.Stale reason : CacheCounts.Stale.values()) {
            registered.stale(name, reason.word(), counts, of -> of.of(reason));
        }
        for (NotStored reason : NotStored.values()) {
            registered.notStored(name, reason.word(), counts, of -> of.of(reason));
        }
        registered.stored(name, counts, CacheCounts::storedAnswers);
        registered.evicted(name, counts, CacheCounts::evictedAnswers);
        registered.saved(name, counts, CacheCounts::savedSeconds);
        registered.age(name, counts, CacheCounts::ageSeconds);
        registered.bytes(name, this, of -> of.bytesOf(name));
    }

    /** Moves a large answer that was stored into a file, if it is still there when it is written. */
    void isStored(Region region, String primary, Stored stored) {
        Content content = stored.content();
        if (files != null && content.length() >= leastInFile) {
            files.copy(
                    content.plain(), bytes -> region.replace(primary, stored, stored.withContent(content.in(bytes))));
        }
    }

    private long bytesOf(String function) {
        Region region = regions.get(function);
        return region == null ? 0 : region.bytes();
    }

    /** Whether requests of this function wait for each other's answer before it is known that it can be shared. */
    boolean expectsToStore(PhpFunction function, Region region) {
        return function.settings().cache().isDeclared() || region.hasEverStored() || versions.mentionsCaching(function);
    }

    long nowMillis() {
        return clock.getAsLong();
    }

    @Nullable
    String version(PhpFunction function) {
        return versions.version(function);
    }

    long epoch() {
        return versions.epoch();
    }

    OutsideHeap memory() {
        return memory;
    }

    Flights flights() {
        return flights;
    }

    SharedAnswers shared() {
        return shared;
    }

    Regions regions() {
        return regions;
    }

    List<String> targets() {
        return targets;
    }

    /** The largest body that is kept. */
    long maxObject() {
        return maxObject;
    }

    /** Whether a lifetime may be guessed. */
    boolean heuristic() {
        return heuristic;
    }

    /** Whether answers say in Cache-Status how they came about. */
    boolean tells() {
        return tells;
    }

    /** How long an answer may have been stale that is given because there is no child, in milliseconds. */
    long staleWhenSaturated(CacheSettings settings) {
        return settings.staleWhenSaturated() >= 0 ? settings.staleWhenSaturated() : staleWhenSaturated;
    }
}
