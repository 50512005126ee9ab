package dev.relais.console;

import dev.relais.ConfigurationProblem;
import io.netty.util.NetUtil;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hosts by which the management port may be asked for what concerns operators: IP addresses, {@code localhost} and the names of
 * {@code relais.management.hosts}. Any other name may be one that a foreign page has made to point here (DNS rebinding): the browser then
 * takes the answer for that page's own, and no rule of CORS protects it. Immutable.
 */
final class ManagementHosts {
    /** A host and an optional port (RFC 3986 section 3.2.2); a user's name before an @ is none. */
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+(?:%[\\w.~-]+)?]|[\\w.-]+)(?::\\d{1,5})?");

    private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)\\w([\\w-]{0,62})?(\\.\\w([\\w-]{0,62})?)*");

    private final Set<String> names = new HashSet<>(Set.of("localhost"));

    /** @throws ConfigurationProblem when an entry is no host name */
    ManagementHosts(List<String> configured) {
        for (String entry : configured) {
            String name = entry.strip().toLowerCase(Locale.ROOT);
            if (!NAME.matcher(name).matches()) {
                throw new ConfigurationProblem(
                        "relais.management.hosts",
                        String.join(",", configured),
                        "'" + entry + "' is no host name",
                        "write whole names as relais.example, without scheme, port and *; addresses are always taken");
            }
            names.add(name);
        }
    }

    /** @param authority of a Host field, an {@code :authority} or an Origin; null is none, and not taken */
    boolean take(@Nullable String authority) {
        Matcher matcher = authority == null ? null : AUTHORITY.matcher(authority);
        if (matcher == null || !matcher.matches()) {
            return false;
        }
        String host = matcher.group(1);
        if (host.charAt(0) == '[') {
            return NetUtil.isValidIpV6Address(host.substring(1, host.length() - 1));
        }
        return NetUtil.isValidIpV4Address(host) || names.contains(host.toLowerCase(Locale.ROOT));
    }
}
