package dev.relais.functions;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The settings of all functions: what {@code functions.yaml} says, and the defaults for the rest.
 *
 * @param named the settings by function name; such a function need not exist
 * @param sites by their names
 * @param idlePools the names of pools that nothing names
 */
record Settings(
        FunctionSettings defaults,
        Map<String, FunctionSettings> named,
        Map<String, SiteSettings> sites,
        Set<String> idlePools) {
    Settings {
        Objects.requireNonNull(defaults, "defaults");
        named = Map.copyOf(named);
        sites = Map.copyOf(sites);
        idlePools = Set.copyOf(idlePools);
    }

    /** The settings of functions alone. */
    Settings(FunctionSettings defaults, Map<String, FunctionSettings> named) {
        this(defaults, named, Map.of(), Set.of());
    }

    /** The pools that functions and sites name or have, by their names. */
    Map<String, PoolSettings> pools() {
        Map<String, PoolSettings> pools = new TreeMap<>();
        named.values().forEach(function -> add(function, pools));
        sites.values().forEach(site -> add(site.settings(), pools));
        return pools;
    }

    /** The pools that functions and sites name or have, without those of resident functions that are not among these. */
    Map<String, PoolSettings> pools(Collection<PhpFunction> functions) {
        Map<String, PoolSettings> pools = pools();
        pools.values().removeIf(pool -> pool.resident() != null);
        functions.forEach(function -> add(function.settings(), pools));
        return pools;
    }

    private static void add(FunctionSettings settings, Map<String, PoolSettings> pools) {
        PoolSettings pool = settings.pool();
        if (pool != null) {
            pools.put(pool.name(), pool);
        }
    }

    FunctionSettings of(String function) {
        return named.getOrDefault(function, defaults);
    }
}
