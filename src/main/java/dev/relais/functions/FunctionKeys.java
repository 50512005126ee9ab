package dev.relais.functions;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The keys of a function in {@code functions.yaml}. Each has a name, a form for its value, and the setting that the value
 * becomes.
 */
final class FunctionKeys {
    /**
     * A site has its own {@code deny}. Whether its answers may be kept depends on code that nobody reads for the cache, and what may be
     * preloaded is learned by function names.
     */
    private static final Set<String> NOT_OF_SITES = Set.of("application", "deny", "cache", "preload");

    private static final Map<String, Key<?>> KEYS = new LinkedHashMap<>();

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
    }

    private record Key<T>(Function<YamlValue, T> form, BiConsumer<FunctionSettings.Builder, T> setting) {
        void apply(YamlValue value, FunctionSettings.Builder settings) {
            setting.accept(settings, form.apply(value));
        }
    }

    private FunctionKeys() {}

    private static <T> void key(
            String name, Function<YamlValue, T> form, BiConsumer<FunctionSettings.Builder, T> setting) {
        KEYS.put(name, new Key<>(form, setting));
    }

    /** Whether this key of a function is one of a site, too. */
    static boolean isOfSites(String name) {
        return KEYS.containsKey(name) && !NOT_OF_SITES.contains(name);
    }

    /** Reads one key of {@link #isOfSites} for a site. */
    static void read(String name, YamlValue value, FunctionSettings.Builder settings) {
        Objects.requireNonNull(KEYS.get(name)).apply(value, settings);
    }

    /** The names of all keys. */
    static Set<String> names() {
        return Collections.unmodifiableSet(KEYS.keySet());
    }

    /**
     * @param function the keys and values of one function
     * @throws dev.relais.ConfigurationProblem when a key is unknown or its value is wrong
     */
    static FunctionSettings read(YamlValue function, FunctionSettings defaults) {
        FunctionSettings.Builder settings = defaults.toBuilder();
        function.entries().forEach((name, value) -> {
            Key<?> key = KEYS.get(name);
            if (key == null) {
                throw Suggestion.unknown(value, name, "a function", KEYS.keySet());
            }
            key.apply(value, settings);
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
