package dev.relais.migration;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a site says of all of its paths, or of some: the keys that both have. Filled in by an importer; not thread-safe. */
class PathDraft {
    List<String> index = List.of();

    @Nullable
    String fallback;
    /** {@code all}, {@code none} or null; else {@link #scriptList} counts. */
    @Nullable
    String scripts;

    final Set<String> scriptList = new LinkedHashSet<>();

    @Nullable
    String missingScripts;
    /** A value of null removes the field. */
    final Map<String, @Nullable String> headers = new LinkedHashMap<>();

    @Nullable
    String expires;

    final Map<String, String> types = new LinkedHashMap<>();
    final Set<String> precompressed = new LinkedHashSet<>();
    boolean internal;

    @Nullable
    String root;

    final Set<String> allowFrom = new LinkedHashSet<>();
    final Map<Integer, String> errorPages = new LinkedHashMap<>();

    @Nullable
    String maxBodySize;

    @Nullable
    String timeout;

    /** Takes what only the other one says. */
    void fillFrom(PathDraft other) {
        index = index.isEmpty() ? other.index : index;
        fallback = fallback == null ? other.fallback : fallback;
        if (scripts == null && scriptList.isEmpty()) {
            scripts = other.scripts;
            scriptList.addAll(other.scriptList);
        }
        missingScripts = missingScripts == null ? other.missingScripts : missingScripts;
        other.headers.forEach((name, value) -> {
            if (headers.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                headers.put(name, value);
            }
        });
        expires = expires == null ? other.expires : expires;
        other.types.forEach(types::putIfAbsent);
        if (precompressed.isEmpty()) {
            precompressed.addAll(other.precompressed);
        }
        internal |= other.internal;
        root = root == null ? other.root : root;
        if (allowFrom.isEmpty()) {
            allowFrom.addAll(other.allowFrom);
        }
        other.errorPages.forEach(errorPages::putIfAbsent);
        maxBodySize = maxBodySize == null ? other.maxBodySize : maxBodySize;
        timeout = timeout == null ? other.timeout : timeout;
    }

    /** Whether nothing is said. */
    boolean isEmpty() {
        return index.isEmpty()
                && fallback == null
                && scripts == null
                && scriptList.isEmpty()
                && missingScripts == null
                && headers.isEmpty()
                && expires == null
                && types.isEmpty()
                && precompressed.isEmpty()
                && !internal
                && root == null
                && allowFrom.isEmpty()
                && errorPages.isEmpty()
                && maxBodySize == null
                && timeout == null;
    }
}
