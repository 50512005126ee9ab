package dev.relais.functions;

import java.util.Set;

/** The keys of a function in {@code functions.yaml}. */
final class FunctionKeys {
    /**
     * A site has its own {@code deny}. Whether its answers may be kept depends on code that nobody reads for the cache, and what may be
     * preloaded is learned by function names.
     */
    private static final Set<String> NOT_OF_SITES = Set.of("application", "deny", "cache", "preload");

    private static final KeyTable<FunctionSettings.Builder> KEYS = new KeyTable<>();

    static {
        KEYS.key("timeout", ValueForms::durationMillis, FunctionSettings.Builder::timeoutMillis);
        KEYS.key("methods", ValueForms::methods, FunctionSettings.Builder::methods);
        KEYS.key("application", ValueForms::bool, FunctionSettings.Builder::application);
        KEYS.key("deny", ValueForms::denyList, FunctionSettings.Builder::deny);
        KEYS.key("allow-symlinks-to", ValueForms::folders, FunctionSettings.Builder::allowSymlinksTo);
        KEYS.key("concurrency", value -> ValueForms.count(value, 1), FunctionSettings.Builder::concurrency);
        KEYS.key("reserved", value -> ValueForms.count(value, 0), FunctionSettings.Builder::reserved);
        KEYS.key("priority", ValueForms::priority, FunctionSettings.Builder::priority);
        KEYS.key("queue", value -> ValueForms.count(value, 0), FunctionSettings.Builder::queue);
        KEYS.key("idempotent", ValueForms::bool, FunctionSettings.Builder::idempotent);
        KEYS.key("on-abort", ValueForms::onAbort, FunctionSettings.Builder::onAbort);
        KEYS.key("warm-up", ValueForms::requests, FunctionSettings.Builder::warmUp);
        KEYS.key("preload", ValueForms::bool, FunctionSettings.Builder::preload);
        KEYS.key("client-wait", ValueForms::durationMillis, FunctionSettings.Builder::clientWaitMillis);
        KEYS.key("body", ValueForms::bodyIsStreamed, FunctionSettings.Builder::streamsBody);
        KEYS.key("max-body-size", ValueForms::bytes, FunctionSettings.Builder::maxBodySize);
        KEYS.key("server-timing", ValueForms::bool, FunctionSettings.Builder::serverTiming);
        KEYS.key("cache", CacheKeys::read, FunctionSettings.Builder::cache);
    }

    private FunctionKeys() {}

    /** Whether this key of a function is one of a site, too. */
    static boolean isOfSites(String name) {
        return KEYS.has(name) && !NOT_OF_SITES.contains(name);
    }

    /** Reads one key of {@link #isOfSites} for a site. */
    static void read(String name, YamlValue value, FunctionSettings.Builder settings) {
        KEYS.read(name, value, "", settings);
    }

    /** The names of all keys. */
    static Set<String> names() {
        return KEYS.names();
    }

    /**
     * @param function the keys and values of one function
     * @throws dev.relais.ConfigurationProblem when a key is unknown or its value is wrong
     */
    static FunctionSettings read(YamlValue function, FunctionSettings defaults) {
        FunctionSettings.Builder settings = defaults.toBuilder();
        function.entries().forEach((name, value) -> {
            if (!KEYS.has(name)) {
                throw Suggestion.unknown(value, name, "a function", KEYS.names());
            }
            KEYS.read(name, value, "", settings);
        });
        try {
            FunctionSettings built = settings.build();
            if (!built.application() && !built.deny().isEmpty()) {
                // Such an entry would protect nothing, since without an application no file is served.
                throw function.keyProblem("deny without application", "add application: true, or remove deny");
            }
            return built;
        } catch (IllegalArgumentException e) {
            throw function.keyProblem(String.valueOf(e.getMessage()), "correct one of them");
        }
    }
}
