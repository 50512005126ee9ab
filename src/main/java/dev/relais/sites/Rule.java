package dev.relais.sites;

import com.google.re2j.Pattern;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One of a site's {@code rules}: what becomes of a path that its pattern finds. The patterns are RE2's, whose time grows with the length
 * of the path alone.
 *
 * @param match looked for in the path below the mount
 * @param to where the request goes; null when it is refused
 * @param status of the redirect or the refusal; 0 for a rewrite, of which the client learns nothing
 * @param whenMissing whether it holds only where no file, folder or script is
 * @param hosts for which it holds, in lower case; empty for all
 */
public record Rule(Pattern match, @Nullable Template to, int status, boolean whenMissing, Set<String> hosts) {
    public Rule {
        hosts = Set.copyOf(hosts);
    }

    /** Whether it is a rewrite to a path that depends on the query. */
    boolean asksForUri() {
        return to != null && status == 0 && to.text().contains("{uri}");
    }
}
