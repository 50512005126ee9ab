package dev.relais.functions;

import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The keys of a function in {@code functions.yaml}. */
final class FunctionKeys {
    /**
     * A site has its own {@code deny}. Whether its answers may be kept depends on code that nobody reads for the cache, what may be
     * preloaded is learned by function names, and what stays in memory is one script and not the many of a site.
     */
    private static final Set<String> NOT_OF_SITES = Set.of("application", "deny", "cache", "preload", ResidentKeys.KEY);

    private static final KeyTable<Target> KEYS = new KeyTable<>();

    /**
     * What is read into.
     *
     * @param pools those that may be named
     * @param owner what a pool of its own is called
     */
    private record Target(FunctionSettings.Builder settings, PoolTable pools, String owner) {
        void pool(YamlValue value) {
            settings.pool(pools.of(value, owner));
        }
    }

    static {
        key("timeout", ValueForms::durationMillis, FunctionSettings.Builder::timeoutMillis);
        key("methods", ValueForms::methods, FunctionSettings.Builder::methods);
        key("application", ValueForms::bool, FunctionSettings.Builder::application);
        key("deny", ValueForms::denyList, FunctionSettings.Builder::deny);
        key("allow-symlinks-to", ValueForms::folders, FunctionSettings.Builder::allowSymlinksTo);
        key("concurrency", value -> ValueForms.count(value, 1), FunctionSettings.Builder::concurrency);
        key("reserved", value -> ValueForms.count(value, 0), FunctionSettings.Builder::reserved);
        key("priority", ValueForms::priority, FunctionSettings.Builder::priority);
        key("queue", value -> ValueForms.count(value, 0), FunctionSettings.Builder::queue);
        key("idempotent", ValueForms::bool, FunctionSettings.Builder::idempotent);
        key("on-abort", ValueForms::onAbort, FunctionSettings.Builder::onAbort);
        key("warm-up", ValueForms::requests, FunctionSettings.Builder::warmUp);
        key("preload", ValueForms::bool, FunctionSettings.Builder::preload);
        key("client-wait", ValueForms::durationMillis, FunctionSettings.Builder::clientWaitMillis);
        key("body", ValueForms::bodyIsStreamed, FunctionSettings.Builder::streamsBody);
        key("max-body-size", ValueForms::bytes, FunctionSettings.Builder::maxBodySize);
        key("server-timing", ValueForms::bool, FunctionSettings.Builder::serverTiming);
        key("cache", CacheKeys::read, FunctionSettings.Builder::cache);
        KEYS.key("pool", value -> value, Target::pool);
        KEYS.key("resident", value -> value, (target, value) -> {}); // is read after pool, which it takes over
    }

    private FunctionKeys() {}

    private static <T> void key(
            String name, Function<YamlValue, T> form, BiConsumer<FunctionSettings.Builder, T> setting) {
        KEYS.key(name, form, (target, value) -> setting.accept(target.settings(), value));
    }

    /** Whether this key of a function is one of a site, too. */
    static boolean isOfSites(String name) {
        return KEYS.has(name) && !NOT_OF_SITES.contains(name);
    }

    /**
     * Reads one key of {@link #isOfSites} for a site.
     *
     * @param pools those that may be named
     * @param owner what a pool of its own is called
     */
    static void read(String name, YamlValue value, FunctionSettings.Builder settings, PoolTable pools, String owner) {
        KEYS.read(name, value, "", new Target(settings, pools, owner));
    }

    /** The names of all keys. */
    static Set<String> names() {
        return KEYS.names();
    }

    /**
     * @param function the keys and values of one function
     * @param pools those that it may name
     * @param owner what a pool of its own is called
     * @throws dev.relais.ConfigurationProblem when a key is unknown or its value is wrong
     */
    static FunctionSettings read(YamlValue function, FunctionSettings defaults, PoolTable pools, String owner) {
        FunctionSettings.Builder settings = defaults.toBuilder();
        Map<String, YamlValue> entries = function.entries();
        entries.forEach((name, value) -> {
            if (!KEYS.has(name)) {
                throw Suggestion.unknown(value, name, "a function", KEYS.names());
            }
            read(name, value, settings, pools, owner);
        });
        try {
            PoolSettings written = settings.build().pool();
            FunctionSettings built =
                    settings.pool(ResidentKeys.pool(entries, written, owner)).build();
            if (!built.application() && !built.deny().isEmpty()) {
                // Such an entry would protect nothing, since without an application no file is served.
                throw function.keyProblem("deny without application", "add application: true, or remove deny");
            }
            if (built.preload() && built.resident() != null) {
                throw function.keyProblem(
                        "preload of what is resident", "remove preload: the application stays in memory anyway");
            }
            if (built.preload() && built.pool() != null) {
                throw function.keyProblem(
                        "preload in a pool", "remove preload: what is preloaded is learned from the processes of all");
            }
            return built;
        } catch (IllegalArgumentException e) {
            throw function.keyProblem(String.valueOf(e.getMessage()), "correct one of them");
        }
    }
}
