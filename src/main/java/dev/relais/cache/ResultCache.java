package dev.relais.cache;

import dev.relais.functions.CacheSettings;
import dev.relais.functions.CodeContents;
import dev.relais.functions.CodeVersions;
import dev.relais.functions.PhpFunction;
import dev.relais.http.KeptFiles;
import dev.relais.telemetry.CacheMeters;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.MultiMap;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The result cache of this gateway. A request becomes a {@link Question}; everything else here is for operators. Any thread; only what
 * says so takes long.
 */
@Singleton
@RegisterForReflection(
        classNames = { // Caffeine finds these by names that it makes of what its builder was asked for
            "com.github.benmanes.caffeine.cache.SSLMW",
            "com.github.benmanes.caffeine.cache.PSMW",
            "com.github.benmanes.caffeine.cache.SSMSW",
            "com.github.benmanes.caffeine.cache.PSWMS"
        })
public final class ResultCache {
    private static final int HEAP_PART = 8;

    private final boolean enabled;
    private final Regions regions;
    private final CacheCore core;

    @Inject
    ResultCache(CacheConfig config, CodeContents versions, CacheMeters meters, KeptFiles files) {
        this(config, versions, meters, files, System::currentTimeMillis);
    }

    /**
     * @param meters null for none
     * @param files for large answers; null: everything is in memory
     * @param clock milliseconds since 1970
     */
    public ResultCache(
            CacheConfig config,
            CodeVersions versions,
            @Nullable CacheMeters meters,
            @Nullable KeptFiles files,
            LongSupplier clock) {
        CacheConfig.check(config);
        long size = config.size().isPresent()
                ? config.size().get().asLongValue()
                : Runtime.getRuntime().maxMemory() / HEAP_PART;
        this.enabled = config.enabled();
        this.regions = new Regions(size, size / 100 * config.share());
        List<String> targets = targets(config.targets().orElse(List.of()));
        this.core = new CacheCore(config, regions, targets, versions, meters, files, clock);
    }

    private static List<String> targets(List<String> others) {
        List<String> targets = new ArrayList<>();
        targets.add(TargetedControl.OWN);
        targets.addAll(others);
        return List.copyOf(targets);
    }

    public boolean isEnabled() {
        return enabled;
    }

    /** Whether answers say in Cache-Status how they came about. */
    public boolean tells() {
        return core.tells();
    }

    /**
     * A request as a question to the cache.
     *
     * @param key null when the request is so odd that nothing is kept for it
     */
    public Question ask(
            PhpFunction function,
            CacheSettings settings,
            @Nullable ResultKey key,
            CacheRequest request,
            MultiMap headers) {
        return new Question(core, regions.of(function.name()), function, settings, key, request, headers);
    }

    /** The version of a function's code; null when nothing is to be kept or given now. */
    public @Nullable String version(PhpFunction function) {
        return core.version(function);
    }

    /**
     * An answer to an unsafe method has come, which is no error: what was stored under its URI is outdated (RFC 9111 section 4.4).
     *
     * @param primary of its URI, or of one that it names in Location or Content-Location
     */
    public void invalidate(PhpFunction function, String primary) {
        Region region = regions.get(function.name());
        if (region != null) {
            region.invalidate(primary);
        }
    }

    /** Purges what the answer of a function says, among its own answers. */
    public void purgeBy(PhpFunction function, List<String> fields) {
        core.purgeBy(function, fields);
    }

    /** The fields of an answer without those that are for this cache alone. */
    public List<String> visible(List<String> fields) {
        return PhpHead.visible(fields);
    }

    /**
     * Purges by operators. Takes as long as there are answers.
     *
     * @param function null for all functions
     * @param path the answers at this path and below it; null for all
     * @param tag null for all
     * @param soft whether they become stale instead of being removed
     * @return how many answers it were
     */
    public int purge(@Nullable String function, @Nullable String path, @Nullable String tag, boolean soft) {
        int count = 0;
        long now = core.nowMillis();
        for (Region region : regions.all()) {
            if (function != null && !function.equals(region.function())) {
                continue;
            }
            Predicate<String> wanted = path == null ? key -> true : key -> isAt(key, path);
            if (tag != null) {
                String own = CacheCore.tagOf(region.function(), tag);
                Purges.Purge purge = regions.purges().purge(own, soft, now);
                count += region.purge(wanted, stored -> stored.tags().contains(own), soft, now);
                regions.purges().forget(own, purge);
                region.raiseFloor();
            } else {
                region.raiseFloor(); // what is on its way is not kept
                count += region.purge(wanted, stored -> true, soft, now);
            }
        }
        return count;
    }

    /** Whether a resource lies at a path or below it, whatever its host and query. */
    static boolean isAt(String primary, String path) {
        int from = ResultKey.pathStart(primary);
        if (!primary.startsWith(path, from)) {
            return false;
        }
        int end = from + path.length();
        return end == primary.length()
                || primary.charAt(end) == '?'
                || primary.charAt(end) == '/'
                || path.endsWith("/");
    }

    /** Forgets the answers of a function, because its code has changed: a later version may be the same as one before. */
    public void forget(String function) {
        Region region = regions.get(function);
        if (region != null) {
            region.clear();
        }
    }

    /** Forgets a function that does not exist any more. */
    public void remove(String function) {
        regions.remove(function);
    }

    /** The regions, one for each function that was asked for. */
    public Collection<Region> regions() {
        return regions.all();
    }

    public long usedBytes() {
        return regions.used();
    }

    public long sizeBytes() {
        return regions.size();
    }

    /** The questions that PHP is asked now. */
    public int flights() {
        return core.flights().size();
    }
}
