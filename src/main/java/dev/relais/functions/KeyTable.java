package dev.relais.functions;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Keys of {@code functions.yaml}. Each has a name, a form for its value, and the setting that the value becomes.
 *
 * @param <B> takes the settings
 */
final class KeyTable<B> {
    private final Map<String, Key<B>> keys = new LinkedHashMap<>();

    private interface Key<B> {
        void read(YamlValue value, String below, B settings);
    }

    /** A form that depends on the folder that it is written for. */
    interface FormBelow<T> {
        /** @param below the folder, with a slash at its end; empty for the root */
        T read(YamlValue value, String below);
    }

    <T> void key(String name, Function<YamlValue, T> form, BiConsumer<B, T> setting) {
        keyBelow(name, (value, below) -> form.apply(value), setting);
    }

    <T> void keyBelow(String name, FormBelow<T> form, BiConsumer<B, T> setting) {
        keys.put(name, (value, below, settings) -> setting.accept(settings, form.read(value, below)));
    }

    boolean has(String name) {
        return keys.containsKey(name);
    }

    /** The names of all keys. */
    Set<String> names() {
        return Collections.unmodifiableSet(keys.keySet());
    }

    /**
     * Reads a key that is in the table.
     *
     * @param below the folder that it is about, with a slash at its end; empty for the root
     * @throws dev.relais.ConfigurationProblem when the value is wrong
     */
    void read(String name, YamlValue value, String below, B settings) {
        Objects.requireNonNull(keys.get(name)).read(value, below, settings);
    }
}
