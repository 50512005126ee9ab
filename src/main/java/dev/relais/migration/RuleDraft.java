package dev.relais.migration;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the {@code rules} of a site.
 *
 * @param match a regular expression of RE2
 * @param to null for a refusal
 * @param status 0 for a rewrite
 * @param whenMissing whether it holds only where nothing is
 * @param hosts for which it holds; empty for all
 */
record RuleDraft(String match, @Nullable String to, int status, boolean whenMissing, List<String> hosts) {
    static RuleDraft refusal(String match, int status) {
        return new RuleDraft(match, null, status, false, List.of());
    }

    static RuleDraft redirect(String match, String to, int status) {
        return new RuleDraft(match, to, status, false, List.of());
    }

    static RuleDraft rewrite(String match, String to) {
        return new RuleDraft(match, to, 0, false, List.of());
    }

    /** Ends the list for some paths, which stay as they are. */
    static RuleDraft stay(String match) {
        return rewrite(match, "{path}");
    }

    RuleDraft ifMissing() {
        return new RuleDraft(match, to, status, true, hosts);
    }

    RuleDraft forHosts(List<String> names) {
        return new RuleDraft(match, to, status, whenMissing, names);
    }
}
