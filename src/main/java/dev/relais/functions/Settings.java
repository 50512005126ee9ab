package dev.relais.functions;

import java.util.Map;
import java.util.Objects;

/**
 * The settings of all functions: what {@code functions.yaml} says, and the defaults for the rest.
 *
 * @param named the settings by function name; such a function need not exist
 * @param sites by their names
 */
record Settings(FunctionSettings defaults, Map<String, FunctionSettings> named, Map<String, SiteSettings> sites) {
    Settings {
        Objects.requireNonNull(defaults, "defaults");
        named = Map.copyOf(named);
        sites = Map.copyOf(sites);
    }

    /** The settings of functions alone. */
    Settings(FunctionSettings defaults, Map<String, FunctionSettings> named) {
        this(defaults, named, Map.of());
    }

    FunctionSettings of(String function) {
        return named.getOrDefault(function, defaults);
    }
}
