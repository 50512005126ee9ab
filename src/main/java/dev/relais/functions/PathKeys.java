package dev.relais.functions;

import dev.relais.sites.PathSettings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The keys that a site has for all of its paths, and below {@code paths} for some. */
final class PathKeys {
    private static final Map<String, Key> KEYS = new LinkedHashMap<>();

    static {
        key("index", SiteForms::index, PathSettings.Builder::index);
        key("fallback", SiteForms::fallback, PathSettings.Builder::fallback);
        KEYS.put("scripts", (value, below, settings) -> settings.scripts(SiteForms.scripts(value, below)));
        key("missing-scripts", SiteForms::missingGoesToFallback, PathSettings.Builder::missingToFallback);
        key("headers", SiteForms::headers, PathSettings.Builder::headers);
        key("expires", SiteForms::cacheControl, PathSettings.Builder::cacheControl);
        key("types", SiteForms::types, PathSettings.Builder::types);
        key("precompressed", SiteForms::codings, PathSettings.Builder::precompressed);
        key("error-pages", SiteForms::errorPages, PathSettings.Builder::errorPages);
        key("maintenance", ValueForms::bool, PathSettings.Builder::maintenance);
        key("allow-from", SiteForms::addresses, PathSettings.Builder::allowFrom);
    }

    private interface Key {
        void read(YamlValue value, String below, PathSettings.Builder settings);
    }

    private PathKeys() {}

    private static <T> void key(String name, Function<YamlValue, T> form, BiConsumer<PathSettings.Builder, T> setting) {
        KEYS.put(name, (value, below, settings) -> setting.accept(settings, form.apply(value)));
    }

    /** The names of all keys. */
    static Set<String> names() {
        return Collections.unmodifiableSet(KEYS.keySet());
    }

    /**
     * Reads one of these keys.
     *
     * @param below the folder that it is about, with a slash at its end; empty for the root
     */
    static void read(String name, YamlValue value, String below, PathSettings.Builder settings) {
        Objects.requireNonNull(KEYS.get(name)).read(value, below, settings);
    }
}
