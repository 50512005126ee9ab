package dev.relais.functions;

import dev.relais.sites.PathRules;
import dev.relais.sites.Site;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A site as {@code functions.yaml} describes it.
 *
 * @param site where it is reached, and its settings of PHP
 * @param mount the path below which it is reached, without a slash at its end; empty for the root
 * @param root its folder as it was written, which may be a symlink; null for a site that is only rules
 * @param aliases other folders as they were written, by the paths that they are for, with a slash at both ends
 * @param rules what holds for its paths
 * @param variables what its scripts get besides the variables of CGI, or in their place
 * @param settings what it has as functions have it
 */
record SiteSettings(
        Site site,
        String mount,
        @Nullable Path root,
        Map<String, Path> aliases,
        PathRules rules,
        Map<String, String> variables,
        FunctionSettings settings) {
    SiteSettings {
        aliases = Map.copyOf(aliases);
        variables = Map.copyOf(variables);
    }
}
