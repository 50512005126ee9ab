package dev.relais.sites;

import dev.relais.AddressRanges;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a site says of some of its paths, or of all of them. A null component says nothing.
 *
 * @param index names of the files that stand for their folder, in their order
 * @param fallback what answers where nothing is
 * @param scripts which scripts may run
 * @param missingToFallback whether a script that is not there, or may not run, is a case for the fallback instead of 404
 * @param headers fields of all answers: set where PHP has not set them; an empty value removes the field
 * @param cacheControl Cache-Control of files; empty for none
 * @param types media types by extension, in lower case
 * @param precompressed the codings whose files may be sent in the place of a file, the best first
 * @param compress the codings in which files are compressed for clients that take them, the best first; empty for none
 * @param internal whether only a script's X-Accel-Redirect reaches these paths
 * @param allowFrom the clients whose requests are answered; null for all
 * @param errorPages what is sent in the place of an error that a decision ends with, by its status: a script or a file below the root
 * @param maintenance whether no script runs, and 503 is answered in its place
 * @param maxBodySize bytes that a request's body may have; -1 when nothing is said
 * @param timeoutMillis how long a script may run; 0 when nothing is said
 */
public record PathSettings(
        @Nullable List<String> index,
        @Nullable Fallback fallback,
        @Nullable Scripts scripts,
        @Nullable Boolean missingToFallback,
        Map<String, String> headers,
        @Nullable String cacheControl,
        Map<String, String> types,
        @Nullable List<String> precompressed,
        @Nullable List<String> compress,
        boolean internal,
        @Nullable AddressRanges allowFrom,
        Map<Integer, String> errorPages,
        boolean maintenance,
        long maxBodySize,
        long timeoutMillis) {
    public static final List<String> INDEX = List.of("index.php", "index.html");

    /** Says nothing. */
    public static final PathSettings NOTHING = new Builder().build();

    public PathSettings {
        index = index == null ? null : List.copyOf(index);
        headers = Map.copyOf(headers);
        types = Map.copyOf(types);
        errorPages = Map.copyOf(errorPages);
        precompressed = precompressed == null ? null : List.copyOf(precompressed);
        compress = compress == null ? null : List.copyOf(compress);
    }

    /** What holds when a later entry says this, too. */
    PathSettings with(PathSettings later) {
        return new PathSettings(
                or(later.index, index),
                or(later.fallback, fallback),
                or(later.scripts, scripts),
                or(later.missingToFallback, missingToFallback),
                merged(headers, later.headers),
                or(later.cacheControl, cacheControl),
                merged(types, later.types),
                or(later.precompressed, precompressed),
                or(later.compress, compress),
                internal || later.internal,
                or(later.allowFrom, allowFrom),
                later.errorPages.isEmpty() ? errorPages : later.errorPages,
                maintenance || later.maintenance,
                later.maxBodySize < 0 ? maxBodySize : later.maxBodySize,
                later.timeoutMillis == 0 ? timeoutMillis : later.timeoutMillis);
    }

    private static <T> @Nullable T or(@Nullable T later, @Nullable T earlier) {
        return later == null ? earlier : later;
    }

    private static Map<String, String> merged(Map<String, String> earlier, Map<String, String> later) {
        if (earlier.isEmpty() || later.isEmpty()) {
            return earlier.isEmpty() ? later : earlier;
        }
        Map<String, String> all = new LinkedHashMap<>(earlier);
        all.keySet().removeIf(name -> later.keySet().stream().anyMatch(name::equalsIgnoreCase));
        all.putAll(later);
        return all;
    }

    List<String> indexOrDefault() {
        return index == null ? INDEX : index;
    }

    public Fallback fallbackOrDefault() {
        return fallback == null ? Fallback.INDEX : fallback;
    }

    public Scripts scriptsOrDefault() {
        return scripts == null ? Scripts.ALL : scripts;
    }

    /** @param client the address of a client; empty for Relais itself, which may ask everything */
    boolean admit(String client) {
        return allowFrom == null || client.isEmpty() || allowFrom.contain(client);
    }

    boolean missingGoesToFallback() {
        return Boolean.TRUE.equals(missingToFallback);
    }

    /** Collects settings; what is not set says nothing. Not thread-safe. */
    public static final class Builder {
        private @Nullable List<String> index;
        private @Nullable Fallback fallback;
        private @Nullable Scripts scripts;
        private @Nullable Boolean missingToFallback;
        private Map<String, String> headers = Map.of();
        private @Nullable String cacheControl;
        private Map<String, String> types = Map.of();
        private @Nullable List<String> precompressed;
        private @Nullable List<String> compress;
        private boolean internal;
        private @Nullable AddressRanges allowFrom;
        private Map<Integer, String> errorPages = Map.of();
        private boolean maintenance;
        private long maxBodySize = -1;
        private long timeoutMillis;

        public void index(List<String> names) {
            index = names;
        }

        public void fallback(Fallback target) {
            fallback = target;
        }

        public void scripts(Scripts allowed) {
            scripts = allowed;
        }

        public void missingToFallback(boolean goes) {
            missingToFallback = goes;
        }

        public void headers(Map<String, String> fields) {
            headers = Objects.requireNonNull(fields);
        }

        public void cacheControl(String value) {
            cacheControl = value;
        }

        public void types(Map<String, String> byExtension) {
            types = Objects.requireNonNull(byExtension);
        }

        public void precompressed(List<String> codings) {
            precompressed = codings;
        }

        public void compress(List<String> codings) {
            compress = codings;
        }

        public void internal(boolean only) {
            internal = only;
        }

        public void allowFrom(AddressRanges clients) {
            allowFrom = clients;
        }

        public void errorPages(Map<Integer, String> byStatus) {
            errorPages = byStatus;
        }

        public void maintenance(boolean on) {
            maintenance = on;
        }

        public void maxBodySize(long bytes) {
            maxBodySize = bytes;
        }

        public void timeoutMillis(long millis) {
            timeoutMillis = millis;
        }

        public PathSettings build() {
            return new PathSettings(
                    index,
                    fallback,
                    scripts,
                    missingToFallback,
                    headers,
                    cacheControl,
                    types,
                    precompressed,
                    compress,
                    internal,
                    allowFrom,
                    errorPages,
                    maintenance,
                    maxBodySize,
                    timeoutMillis);
        }
    }
}
