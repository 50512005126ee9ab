package dev.relais.migration;

import java.util.List;

/**
 * What a file has become.
 *
 * @param source what it was, in words
 * @param notes on the file as a whole
 */
record Imported(String source, List<SiteDraft> sites, Notes notes) {
    String yaml() {
        return SitesYaml.of(source, sites, notes);
    }

    /** Whether something that guards was not carried over. */
    boolean hasGuard() {
        return notes.hasGuard() || sites.stream().anyMatch(site -> site.notes.hasGuard());
    }
}
