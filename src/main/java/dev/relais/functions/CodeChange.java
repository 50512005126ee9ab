package dev.relais.functions;

import java.util.Set;

/**
 * What has changed on the disk since the last one.
 *
 * @param changed files that have changed, are new or are gone, by their real paths
 * @param doubtful files that may have changed
 * @param all whether any file may have changed
 */
public record CodeChange(Set<String> changed, Set<String> doubtful, boolean all) {
    public CodeChange {
        changed = Set.copyOf(changed);
        doubtful = Set.copyOf(doubtful);
    }
}
