package dev.relais.sites;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What makes an application a site: where it is reached, and what of it PHP itself is told.
 *
 * @param name of it in {@code functions.yaml}
 * @param hosts in lower case, exact or with {@code *.} at the begin; empty for all hosts that no site names
 * @param hasFunctions whether the functions are at {@code /api/} of these hosts all the same
 * @param folder the site's root as it was written, which may be a link that a release switches; null for a site that is only rules
 * @param php the settings of PHP for scripts in its root; an empty value leaves PHP its own
 */
public record Site(
        String name,
        List<String> hosts,
        boolean hasFunctions,
        @Nullable Path folder,
        Map<String, String> php) {
    public Site {
        hosts = List.copyOf(hosts);
        php = Map.copyOf(php);
    }
}
