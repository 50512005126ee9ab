package dev.relais.functions;

import dev.relais.sites.PathSettings;
import java.util.Set;

/** The keys that a site has for all of its paths, and below {@code paths} for some. */
final class PathKeys {
    private static final KeyTable<PathSettings.Builder> KEYS = new KeyTable<>();

    static {
        KEYS.key("index", SiteForms::index, PathSettings.Builder::index);
        KEYS.key("fallback", SiteForms::fallback, PathSettings.Builder::fallback);
        KEYS.keyBelow("scripts", SiteForms::scripts, PathSettings.Builder::scripts);
        KEYS.key("missing-scripts", SiteForms::missingGoesToFallback, PathSettings.Builder::missingToFallback);
        KEYS.key("headers", SiteForms::headers, PathSettings.Builder::headers);
        KEYS.key("expires", SiteForms::cacheControl, PathSettings.Builder::cacheControl);
        KEYS.key("types", SiteForms::types, PathSettings.Builder::types);
        KEYS.key("precompressed", SiteForms::codings, PathSettings.Builder::precompressed);
        KEYS.key("compress", SiteForms::compress, PathSettings.Builder::compress);
        KEYS.key("error-pages", SiteForms::errorPages, PathSettings.Builder::errorPages);
        KEYS.key("maintenance", ValueForms::bool, PathSettings.Builder::maintenance);
        KEYS.key("allow-from", SiteForms::addresses, PathSettings.Builder::allowFrom);
    }

    private PathKeys() {}

    /** The names of all keys. */
    static Set<String> names() {
        return KEYS.names();
    }

    /**
     * Reads one of these keys.
     *
     * @param below the folder that it is about, with a slash at its end; empty for the root
     */
    static void read(String name, YamlValue value, String below, PathSettings.Builder settings) {
        KEYS.read(name, value, below, settings);
    }
}
