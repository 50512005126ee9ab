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
 * @param redirectsToHttps whether what comes without TLS is sent to the same target with it
 * @param folder the site's root as it was written, which may be a link that a release switches; null for a site that is only rules
 * @param php the settings of PHP for scripts in its root; an empty value leaves PHP its own
 */
public record Site(
        String name,
        List<String> hosts,
        boolean hasFunctions,
        boolean redirectsToHttps,
        @Nullable Path folder,
        Map<String, String> php) {
    private static final String CHALLENGES = "/.well-known/acme-challenge/";

    public Site {
        hosts = List.copyOf(hosts);
        php = Map.copyOf(php);
    }

    /**
     * Whether a request is sent to the same target with TLS. The files that prove to a certificate authority whose the host is are not:
     * there may be no certificate yet (RFC 8555 section 8.3).
     *
     * @param scheme of the request, as PHP gets it
     * @param path of the target, normalised
     */
    public boolean sendsToHttps(String scheme, String path) {
        return redirectsToHttps && scheme.equals("http") && !path.startsWith(CHALLENGES);
    }
}
