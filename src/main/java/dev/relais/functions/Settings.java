package dev.relais.functions;

import java.util.Map;
import java.util.Objects;

/**
 * The settings of all functions: what {@code functions.yaml} says, and the defaults for the rest.
 *
 * @param named the settings by function name; such a function need not exist
 */
record Settings(FunctionSettings defaults, Map<String, FunctionSettings> named) {
    Settings {
        Objects.requireNonNull(defaults, "defaults");
        named = Map.copyOf(named);
    }

    FunctionSettings of(String function) {
        return named.getOrDefault(function, defaults);
    }
}
