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
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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
    ResultCache(CacheConfig config, CodeContents versions, CacheMeters meters, KeptFiles files, SharedLevel level) {
        this(config, versions, meters, files, level, System::currentTimeMillis);
    }

    /**
     * @param meters null for none
     * @param files for large answers; null: everything is in memory
     * @param level what is shared with other gateways
     * @param clock milliseconds since 1970
     */
    public ResultCache(
            CacheConfig config,
            CodeVersions versions,
            @Nullable CacheMeters meters,
            @Nullable KeptFiles files,
            SharedLevel level,
            LongSupplier clock) {
        CacheConfig.check(config);
        long size = config.size().isPresent()
                ? config.size().get().asLongValue()
                : Runtime.getRuntime().maxMemory() / HEAP_PART;
        this.enabled = config.enabled();
        this.regions = new Regions(size, size / 100 * config.share());
        List<String> targets = targets(config.targets().orElse(List.of()));
        SharedAnswers shared = new SharedAnswers(config.enabled() ? level : SharedLevel.NONE, regions, clock);
        this.core = new CacheCore(config, regions, shared, targets, versions, meters, files, clock);
    }

    /** Begins to share answers with other gateways, if that is wanted. */
    public void share() {
        core.shared().level().start(core.shared());
    }

    public void stopSharing() {
        core.shared().level().stop();
    }

    /** The level that is shared with other gateways. */
    public SharedLevel shared() {
        return core.shared().level();
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
     * @param key makes its key, with null when it is too odd to have one; null when nothing is kept for it, whatever its key
     */
    public Question ask(
            PhpFunction function,
            CacheSettings settings,
            @Nullable Supplier<@Nullable ResultKey> key,
            CacheRequest request,
            MultiMap headers) {
        RequestKey made = new RequestKey(key, settings.isDeclared());
        return new Question(core, regions.of(function.name()), function, settings, made, request, headers);
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
        core.shared().outdate(function.name(), primary);
    }

    /** Purges what the answer of a function says, among its own answers. */
    public void purgeBy(PhpFunction function, List<String> fields) {
        core.purgeBy(function, fields);
    }

    /** The fields of an answer without those that are for this cache alone. */
    public static List<String> visible(List<String> fields) {
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
        return regions.purge(scope(function, path, tag, soft), core.nowMillis());
    }

    private PurgeScope scope(@Nullable String function, @Nullable String path, @Nullable String tag, boolean soft) {
        return new PurgeScope(function, path, tag, soft, core.nowMillis());
    }

    /**
     * Tells the gateways that share their answers with this one of such a purge. To be called before it is done here, so that nothing that
     * is purged comes back from them.
     *
     * @return completed when all of them can know it; null when there are none
     */
    public @Nullable CompletionStage<?> tellPurge(
            @Nullable String function, @Nullable String path, @Nullable String tag, boolean soft) {
        SharedAnswers shared = core.shared();
        if (!shared.level().isOn()) {
            return null;
        }
        shared.purge(scope(function, path, tag, soft));
        return shared.level().purgesTold();
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

    /** The region of a function; null when nothing was asked for it yet. */
    public @Nullable Region region(String function) {
        return regions.get(function);
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
